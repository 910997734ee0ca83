package pgha.agent.ctl;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code topology}: the members as a tree of who follows whom. */
final class TopologyCommand implements Command {
    @Override
    public String name() {
        return "topology";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Shows who follows whom, as a tree.");
        Watching.addOptions(spec);
        return spec.addPositional(Options.clusters());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        List<String> clusters = new ArrayList<>(List.of(arguments.matchedPositionalValue(0, new String[0])));
        if (clusters.isEmpty()) {
            clusters.add(session.cluster(null));
        }
        Watching.run(session, arguments, true, () -> {
            for (String cluster : clusters) {
                session.printTree(session.access().picture(cluster));
            }
        });
    }
}
