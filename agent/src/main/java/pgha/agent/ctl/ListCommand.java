package pgha.agent.ctl;

import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code list}: who is in the cluster, in which role and state, and how far behind. */
final class ListCommand implements Command {
    private static final double DEFAULT_SECONDS = 2;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    @Override
    public String name() {
        return "list";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Shows the members of a cluster, or of several.");
        return spec.addPositional(Options.clusters())
                .addOption(Options.flag("Shows the columns without values, too.", "-e", "--extended"))
                .addOption(Options.flag("Prints the time before the table.", "-t", "--timestamp"))
                .addOption(Options.flag("Prints again every 2 seconds.", "-W"))
                .addOption(OptionSpec.builder("-w", "--watch")
                        .paramLabel("SECONDS")
                        .type(Double.class)
                        .description("Prints again every so many seconds.")
                        .build())
                .addOption(OptionSpec.builder("-f", "--format")
                        .paramLabel("FORMAT")
                        .type(TableText.class)
                        .defaultValue("PRETTY")
                        .description("One of pretty, tsv, json, yaml, yml.")
                        .build());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        Optional<Duration> every = interval(arguments);
        print(session, arguments);
        while (every.isPresent()) {
            pause(every.get());
            session.terminal().print(CLEAR_SCREEN);
            print(session, arguments);
        }
    }

    private static Optional<Duration> interval(ParseResult arguments) {
        Double seconds = arguments.matchedOptionValue("-w", arguments.hasMatchedOption("-W") ? DEFAULT_SECONDS : 0.0);
        return seconds > 0 ? Optional.of(Duration.ofMillis((long) (seconds * 1000))) : Optional.empty();
    }

    private static void pause(Duration duration) throws CommandFailed {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new CommandFailed("interrupted");
        }
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
