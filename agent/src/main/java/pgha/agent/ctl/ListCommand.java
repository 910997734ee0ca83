package pgha.agent.ctl;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code list}: who is in the cluster, in which role and state, and how far behind. */
final class ListCommand implements Command {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    @Override
    public String name() {
        return "list";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        Watching.addOptions(spec);
        spec.usageMessage().description("Shows the members of a cluster, or of several.");
        return spec.addPositional(Options.clusters())
                .addOption(Options.flag("Shows the columns without values, too.", "-e", "--extended"))
                .addOption(Options.flag("Prints the time before the table.", "-t", "--timestamp"))
                .addOption(Options.format("PRETTY", "-f", "--format"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        Watching.run(session, arguments, true, () -> print(session, arguments));
    }

    private static void print(Session session, ParseResult arguments) throws CommandFailed {
        String[] named = arguments.matchedPositionalValue(0, new String[0]);
        List<String> clusters = new ArrayList<>(List.of(named));
        if (clusters.isEmpty()) {
            clusters.add(session.cluster(null));
        }
        TableText format = arguments.matchedOptionValue("-f", TableText.PRETTY);
        if (arguments.hasMatchedOption("-t")) {
            session.terminal().printLine(STAMP.format(session.terminal().clock().get()));
        }
        for (String cluster : clusters) {
            session.printMembers(session.access().picture(cluster), format, arguments.hasMatchedOption("-e"));
        }
    }
}
