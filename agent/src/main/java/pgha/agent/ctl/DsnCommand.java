package pgha.agent.ctl;

import pgha.agent.ctl.ClusterPicture.Entry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code dsn}: where a member's server listens, for a program to connect to. */
final class DsnCommand implements Command {
    @Override
    public String name() {
        return "dsn";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Prints how to connect to a member's PostgreSQL: host=... port=...");
        MemberTarget.addOptions(spec);
        return spec.addPositional(Options.cluster());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        MemberTarget target = MemberTarget.of(arguments);
        ClusterPicture picture = session.access().picture(session.cluster(arguments.matchedPositionalValue(0, null)));
        Entry member = target.in(picture).orElseThrow(() -> new CommandFailed("Can not find a suitable member"));
        session.terminal().printLine("host=%s port=%d".formatted(member.host(), member.port()));
    }
}
