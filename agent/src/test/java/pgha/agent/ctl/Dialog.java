package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs commands one after the other, and notes what a person would see. Waiting takes no time. */
final class Dialog {
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 1, 1, 10, 0, 0, 123_456_000, ZoneId.of("+01:00"));

    final FakeAccess access = new FakeAccess();
    final StringBuilder transcript = new StringBuilder();
    Session.TextEditor editor = (text, name) -> text;
    Map<String, String> environment = Map.of();

    /** Runs one command and notes what a person would see; answers are what he types. */
    int run(String commandLine, String... answers) {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
        String typed = List.of(answers).stream().map(line -> line + "\n").collect(Collectors.joining());
        Terminal terminal = new Terminal(
                out,
                out,
                new BufferedReader(new StringReader(typed)),
                () -> NOW,
                "agentctl",
                duration -> screen.writeBytes("(waits %s)\n".formatted(duration).getBytes(StandardCharsets.UTF_8)),
                false);
        int code = AgentCtl.run(
                commandLine.isEmpty() ? new String[0] : words(commandLine),
                terminal,
                new AgentCtl.Outside(source -> new Session.Opened(access, Optional.of("demo")), editor, environment));
        transcript
                .append("$ agentctl ")
                .append(commandLine)
                .append(answers.length == 0 ? "" : "   # types " + List.of(answers))
                .append('\n')
                .append(screen.toString(StandardCharsets.UTF_8));
        access.orders.forEach(
                order -> transcript.append("      ordered: ").append(order).append('\n'));
        access.orders.clear();
        transcript.append("exit ").append(code).append("\n\n");
        return code;
    }

    /** Writes DIRECTORY for a directory whose name differs from run to run. */
    void hide(Path directory) {
        String hidden = transcript.toString().replace(directory.toString(), "DIRECTORY");
        transcript.setLength(0);
        transcript.append(hidden);
    }

    /** Quotes hold words together. */
    private static String[] words(String commandLine) {
        return Pattern.compile("[^\\s']+(?:'[^']*')?|'[^']*'")
                .matcher(commandLine)
                .results()
                .map(word -> word.group().replace("'", ""))
                .toArray(String[]::new);
    }

    void compare(String file) throws IOException {
        Path golden = Path.of("src/test/resources/ctl", file);
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(golden, transcript);
        }
        assertThat(transcript.toString()).isEqualTo(Files.readString(golden));
    }
}
