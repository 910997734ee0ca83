package pgha.agent.ctl;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Prints something once, or again and again until somebody ends it: {@code -W} and {@code -w}. */
final class Watching {
    private static final double DEFAULT_SECONDS = 2;
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private Watching() {}

    /** What is printed. */
    interface Look {
        void print() throws CommandFailed;
    }

    /** The two options. */
    static void addOptions(CommandSpec spec) {
        spec.addOption(Options.flag("Prints again every 2 seconds.", "-W"))
                .addOption(OptionSpec.builder("-w", "--watch")
                        .paramLabel("SECONDS")
                        .type(Double.class)
                        .description("Prints again every so many seconds.")
                        .build());
    }

    /** @param clear whether the screen is cleared between two prints */
    static void run(Session session, ParseResult arguments, boolean clear, Look look) throws CommandFailed {
        Optional<Duration> every = interval(arguments);
        look.print();
        while (every.isPresent()) {
            session.terminal().pause(every.get());
            if (clear) {
                session.terminal().print(CLEAR_SCREEN);
            }
            look.print();
        }
    }

    private static Optional<Duration> interval(ParseResult arguments) {
        Double seconds = arguments.matchedOptionValue("-w", arguments.hasMatchedOption("-W") ? DEFAULT_SECONDS : 0.0);
        return seconds > 0 ? Optional.of(Duration.ofMillis((long) (seconds * 1000))) : Optional.empty();
    }
}
