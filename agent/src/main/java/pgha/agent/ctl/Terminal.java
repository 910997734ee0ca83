package pgha.agent.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where a command prints, and whom it asks.
 *
 * <p>Confined to the command's thread.
 *
 * @param clock the date and time for messages
 * @param programName the name under which the program was started
 * @param pauses lets time pass between two looks
 * @param colourful whether a person looks at it, on a screen that knows colours
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        BufferedReader in,
        Supplier<ZonedDateTime> clock,
        String programName,
        Pauses pauses,
        boolean colourful) {

    /** Lets time pass. */
    interface Pauses {
        void pause(Duration duration) throws InterruptedException;
    }

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSS", Locale.ROOT);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    void print(String text) {
        out.print(text);
        out.flush();
    }

    void printLine(String line) {
        print(line + "\n");
    }

    /** A line with the time before it, as of things that happened. */
    void report(String line) {
        printLine(STAMP.format(clock.get()) + " " + line);
    }

    /** The time of now, in whole seconds. */
    String stamp() {
        return SECONDS.format(clock.get());
    }

    /** All that comes in until it ends. */
    String rest() {
        return in.lines().map(line -> line + "\n").collect(Collectors.joining());
    }

    void complain(String line) {
        err.print(line + "\n");
        err.flush();
    }

    /**
     * Asks for a line; an empty one is the default.
     *
     * @throws CommandFailed if the input has ended
     */
    String ask(String question, String defaultAnswer) throws CommandFailed {
        print(question + " [" + defaultAnswer + "]: ");
        String answer = line();
        return answer.isBlank() ? defaultAnswer : answer.strip();
    }

    /** Asks for a line until there is one. */
    String demand(String question) throws CommandFailed {
        while (true) {
            print(question + ": ");
            String answer = line().strip();
            if (!answer.isEmpty()) {
                return answer;
            }
        }
    }

    /** Asks for a line that is not shown, if there is a screen on which it could be. */
    String demandSecret(String question) throws CommandFailed {
        Optional<char[]> answer = colourful
                ? Optional.ofNullable(System.console()).map(console -> console.readPassword("%s: ", question))
                : Optional.empty();
        return answer.isPresent() ? new String(answer.get()) : demand(question);
    }

    void pause(Duration duration) throws CommandFailed {
        try {
            pauses.pause(duration);
        } catch (InterruptedException e) {
            throw new CommandFailed("interrupted");
        }
    }

    /** Asks until the answer is yes or no; an empty one is no. */
    boolean confirm(String question) throws CommandFailed {
        while (true) {
            print(question + " [y/N]: ");
            Optional<Boolean> answer = parse(line());
            if (answer.isPresent()) {
                return answer.get();
            }
            printLine("Error: invalid input");
        }
    }

    private static Optional<Boolean> parse(String answer) {
        return switch (answer.strip().toLowerCase(Locale.ROOT)) {
            case "y", "yes" -> Optional.of(true);
            case "", "n", "no" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private String line() throws CommandFailed {
        try {
            String line = in.readLine();
            if (line != null) {
                return line;
            }
        } catch (IOException e) {
            throw new CommandFailed("cannot read the answer: " + e.getMessage());
        }
        printLine("");
        throw new CommandFailed("there is nobody to answer; use --force to go on without questions");
    }
}
