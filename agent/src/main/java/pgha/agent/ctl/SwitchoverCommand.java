package pgha.agent.ctl;

import java.util.Optional;
import pgha.agent.ctl.HandOver.Kind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code switchover}: a healthy leader hands over to another member. */
final class SwitchoverCommand implements Command {
    @Override
    public String name() {
        return "switchover";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Hands leadership over to another member, without losing a transaction.");
        return spec.addPositional(Options.cluster())
                .addOption(Options.text("The current leader.", "NAME", "--leader", "--primary"))
                .addOption(Options.text("Who is to lead; by default the best placed.", "NAME", "--candidate"))
                .addOption(Options.text("When, or now.", "TIMESTAMP", "--scheduled"))
                .addOption(Options.flag("Asks no questions.", "--force"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        HandOver.Wish wish = new HandOver.Wish(
                session.cluster(arguments.matchedPositionalValue(0, null)),
                Optional.ofNullable(arguments.matchedOptionValue("--leader", null)),
                Optional.ofNullable(arguments.matchedOptionValue("--candidate", null)),
                Optional.ofNullable(arguments.matchedOptionValue("--scheduled", null)),
                arguments.hasMatchedOption("--force"));
        new HandOver(session, Kind.SWITCHOVER, wish).run();
    }
}
