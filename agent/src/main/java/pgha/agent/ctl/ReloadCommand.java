package pgha.agent.ctl;

import java.util.List;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code reload}: agents read their files again and apply what has changed. */
final class ReloadCommand implements Command {
    @Override
    public String name() {
        return "reload";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Has agents read their files again.");
        return spec.addPositional(Options.clusterAndMembers())
                .addOption(Options.role("Only members of this role."))
                .addOption(Options.flag("Asks no questions.", "--force"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String[] names = arguments.matchedPositionalValue(0, new String[0]);
        ClusterPicture picture = session.access().picture(names[0]);
        List<String> named = List.of(names).subList(1, names.length);
        boolean force = arguments.hasMatchedOption("--force");
        MemberRole role = arguments.matchedOptionValue("-r", MemberRole.ANY);
        MemberChoice choice = new MemberChoice(session, "reload", named, role, force);
        List<Entry> members = choice.allOrNamed(picture);
        choice.confirm(members, "Are you sure you want to reload members %s?");
        MemberOrder order = new MemberOrder(session, "reload");
        for (Entry member : members) {
            HttpReply.Answered answer = order.post(member, "/reload", "{}");
            switch (answer.code()) {
                case 200 -> order.succeed("No changes to apply on member " + member.name());
                case 202 ->
                    order.succeed("Reload request received for member %s and will be processed within %d seconds"
                            .formatted(member.name(), loopWait(session, picture)));
                default -> order.fail(member, answer);
            }
        }
        order.finish();
    }

    private static int loopWait(Session session, ClusterPicture picture) throws CommandFailed {
        return SettingsEdit.stored(session, picture.scope())
                .document()
                .path("loop_wait")
                .asInt(10);
    }
}
