package pgha.agent.ctl;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code show-config}: the cluster-wide settings, as YAML. */
final class ShowConfigCommand implements Command {
    @Override
    public String name() {
        return "show-config";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Shows the settings of the whole cluster.");
        return spec.addPositional(Options.cluster());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String cluster = session.cluster(arguments.matchedPositionalValue(0, null));
        session.terminal()
                .print(YamlOut.sorted(SettingsEdit.stored(session, cluster).document()));
    }
}
