package pgha.agent.ctl;

import java.util.Optional;
import pgha.agent.ctl.HandOver.Kind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code failover}: a named member takes over, whether there is a healthy leader or not. */
final class FailoverCommand implements Command {
    @Override
    public String name() {
        return "failover";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Makes a named member the leader, even where a switchover is impossible.");
        return spec.addPositional(Options.cluster())
                .addOption(Options.text("Who is to lead.", "NAME", "--candidate"))
                .addOption(Options.flag("Asks no questions.", "--force"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        HandOver.Wish wish = new HandOver.Wish(
                session.cluster(arguments.matchedPositionalValue(0, null)),
                Optional.empty(),
                Optional.ofNullable(arguments.matchedOptionValue("--candidate", null)),
                Optional.empty(),
                arguments.hasMatchedOption("--force"));
        new HandOver(session, Kind.FAILOVER, wish).run();
    }
}
