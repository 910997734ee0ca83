package pgha.agent.ctl;

import java.util.List;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.dcs.DcsReply;
import pgha.dcs.model.Revision;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code flush}: takes back what was scheduled and has not happened yet. */
final class FlushCommand implements Command {
    @Override
    public String name() {
        return "flush";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Takes back a scheduled restart or switchover.");
        return spec.addPositional(PositionalParamSpec.builder()
                        .paramLabel("CLUSTER [MEMBER...] restart|switchover")
                        .hideParamSyntax(true)
                        .arity("2..*")
                        .required(true)
                        .type(String[].class)
                        .description("The cluster, of a restart which members, and what is to be taken back.")
                        .build())
                .addOption(Options.role("Only members of this role."))
                .addOption(Options.flag("Asks no questions.", "--force"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        List<String> words = List.of(arguments.matchedPositionalValue(0, new String[0]));
        ClusterPicture picture = session.access().picture(words.getFirst());
        switch (words.getLast()) {
            case "restart" -> {
                boolean force = arguments.hasMatchedOption("--force");
                MemberRole role = arguments.matchedOptionValue("-r", MemberRole.ANY);
                List<String> named = words.subList(1, words.size() - 1);
                restarts(session, picture, new MemberChoice(session, "flush", named, role, force));
            }
            case "switchover" -> switchover(session, picture);
            default ->
                throw new CommandFailed("cannot tell what to flush: \"%s\" is neither restart nor switchover"
                        .formatted(words.getLast()));
        }
    }

    private static void restarts(Session session, ClusterPicture picture, MemberChoice choice) throws CommandFailed {
        List<Entry> members = choice.allOrNamed(picture);
        choice.confirm(members, "Are you sure you want to flush members %s?");
        MemberOrder order = new MemberOrder(session, "flush scheduled restart");
        for (Entry member : members) {
            if (!member.json().has("scheduled_restart")) {
                order.succeed("No scheduled restart for member " + member.name());
                continue;
            }
            HttpReply.Answered answer = order.delete(member, "/restart");
            if (answer.code() >= 400) {
                order.fail(member, answer);
            } else {
                order.succeed("Success: flush scheduled restart for member " + member.name());
            }
        }
        order.finish();
    }

    private static void switchover(Session session, ClusterPicture picture) throws CommandFailed {
        if (!picture.document().path("scheduled_switchover").isObject()) {
            session.terminal().printLine("No pending scheduled switchover");
            return;
        }
        for (Entry member : picture.leaderFirst()) {
            if (member.apiUrl().isEmpty()) {
                continue;
            }
            switch (session.access().delete(member.endpoint("/switchover").orElseThrow())) {
                case HttpReply.NoReply none ->
                    session.terminal()
                            .complain("Member %s is not accessible: %s".formatted(member.name(), none.cause()));
                case HttpReply.Answered answered -> {
                    switch (answered.code()) {
                        case 200 -> {
                            session.terminal().printLine("Success: " + answered.body());
                            return;
                        }
                        case 404 -> throw new CommandFailed("Failed: " + answered.body());
                        default ->
                            session.terminal()
                                    .printLine("Failed: member=%s, status_code=%d, (%s)"
                                            .formatted(member.name(), answered.code(), answered.body()));
                    }
                }
            }
        }
        withdraw(session, picture);
    }

    private static void withdraw(Session session, ClusterPicture picture) throws CommandFailed {
        session.terminal()
                .report("Could not find any accessible member of cluster %s, falling back to DCS"
                        .formatted(picture.scope()));
        switch (session.access().withdrawRequest(picture.scope())) {
            case DcsReply.Done<Revision> done -> session.terminal().printLine("Success: scheduled switchover deleted");
            case DcsReply.Refused<Revision> refused ->
                throw new CommandFailed("cannot delete the scheduled switchover: " + refused.reason());
            case DcsReply.NoAnswer<Revision> none ->
                throw new CommandFailed("cannot tell whether the scheduled switchover was deleted: %s; see list"
                        .formatted(none.cause()));
        }
    }
}
