package pgha.agent.ctl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.Revision;
import pgha.rest.DurationText;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code restart}: members restart PostgreSQL, now or at a time, all or those that need it. */
final class RestartCommand implements Command {
    @Override
    public String name() {
        return "restart";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Restarts PostgreSQL on members, one after the other.");
        return spec.addPositional(Options.clusterAndMembers())
                .addOption(Options.role("Only members of this role."))
                .addOption(Options.flag("One of them, whichever.", "--any"))
                .addOption(Options.flag("Only where a changed parameter waits for it.", "--pending"))
                .addOption(Options.text("When, or now.", "TIMESTAMP", "--scheduled"))
                .addOption(Options.text("Only where PostgreSQL is older than this.", "VERSION", "--pg-version"))
                .addOption(Options.text(
                        "How long it may take, such as 60s, before others take over.", "TIME", "--timeout"))
                .addOption(Options.flag("Asks no questions.", "--force"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String[] names = arguments.matchedPositionalValue(0, new String[0]);
        ClusterPicture picture = session.access().picture(names[0]);
        List<String> named = List.of(names).subList(1, names.length);
        boolean force = arguments.hasMatchedOption("--force");
        MemberRole role = arguments.matchedOptionValue("-r", MemberRole.ANY);
        MemberChoice choice = new MemberChoice(session, "restart", named, role, force);
        List<Entry> members = choice.allOrNamed(picture);
        Optional<String> schedule = schedule(session.terminal(), arguments, force);
        String question = schedule.isPresent()
                ? "Are you sure you want to schedule restart of members %%s at %s?".formatted(schedule.get())
                : "Are you sure you want to restart members %s?";
        choice.confirm(members, question);
        if (schedule.isPresent() && picture.isPaused()) {
            throw new CommandFailed("Can't schedule restart in the paused state");
        }
        ObjectNode body = conditions(session.terminal(), arguments, force);
        schedule.ifPresent(at -> body.put("schedule", at));
        MemberOrder order = new MemberOrder(session, "restart");
        Duration patience = patience(session, names[0], body);
        for (Entry member : meant(members, arguments, schedule.isPresent())) {
            if (schedule.isPresent() && force && member.json().has("scheduled_restart")) {
                order.delete(member, "/restart");
            }
            report(order, member, order.post(member, "/restart", body.toString(), patience));
        }
        order.finish();
    }

    /** A little longer than an agent goes on trying before it says that it has not worked. */
    private static Duration patience(Session session, String cluster, ObjectNode body) throws CommandFailed {
        Optional<Duration> asked = DurationText.parse(body.path("timeout").asText(""));
        Duration allowed = asked.isPresent()
                ? asked.get()
                : ClusterCodec.settings(
                                session.access()
                                        .settings(cluster)
                                        .map(ClusterAccess.StoredSettings::document)
                                        .orElse("{}"),
                                Revision.ZERO)
                        .primaryStartTimeout();
        return ClusterAccess.ORDER_TIMEOUT.plus(allowed);
    }

    private static Optional<String> schedule(Terminal terminal, ParseResult arguments, boolean force)
            throws CommandFailed {
        Optional<String> given = Optional.ofNullable(arguments.matchedOptionValue("--scheduled", null));
        String text = given.isPresent() || force
                ? given.orElse("now")
                : terminal.ask(
                        "When should the restart take place (e.g. %s) "
                                .formatted(Schedule.example(terminal.clock().get())),
                        "now");
        return Schedule.parse(text, terminal.clock().get().getZone());
    }

    private static List<Entry> meant(List<Entry> members, ParseResult arguments, boolean scheduled) {
        List<Entry> meant = new ArrayList<>(members);
        if (arguments.hasMatchedOption("--any")) {
            Collections.shuffle(meant);
            meant = meant.subList(0, Math.min(1, meant.size()));
        }
        if (arguments.hasMatchedOption("--pending") && !scheduled) {
            meant.removeIf(member -> !member.json().path("pending_restart").asBoolean(false));
        }
        return meant;
    }

    private static ObjectNode conditions(Terminal terminal, ParseResult arguments, boolean force) throws CommandFailed {
        Optional<String> given = Optional.ofNullable(arguments.matchedOptionValue("--pg-version", null));
        String version = given.isPresent() || force
                ? given.orElse("")
                : terminal.ask("Restart if the PostgreSQL version is less than provided (e.g. 9.5.2) ", "");
        if (!version.isEmpty() && !version.matches("\\d{1,2}\\.\\d{1,2}(\\.\\d{1,2})?")) {
            throw new CommandFailed(
                    "Invalid PostgreSQL version: \"%s\"; expected such as 16.4 or 9.6.24".formatted(version));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (arguments.hasMatchedOption("--pending")) {
            body.put("restart_pending", true);
        }
        if (!version.isEmpty()) {
            body.put("postgres_version", version);
        }
        String timeout = arguments.matchedOptionValue("--timeout", "");
        if (!timeout.isEmpty()) {
            body.put("timeout", timeout);
        }
        return body;
    }

    private static void report(MemberOrder order, Entry member, HttpReply.Answered answer) {
        switch (answer.code()) {
            case 200 -> order.succeed("Success: restart on member " + member.name());
            case 202 -> order.succeed("Success: restart scheduled on member " + member.name());
            case 409 -> order.fail("Failed: another restart is already scheduled on member " + member.name());
            default -> order.fail(member, answer);
        }
    }
}
