package pgha.agent.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets a person change a text in an editor: {@code $EDITOR}, or else what there is. Blocks. */
final class Editor {
    private static final List<String> USUAL = List.of("editor", "vi");

    private final Map<String, String> environment;

    Editor(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** @param name the beginning of the file's name, which editors show */
    String edit(String text, String name) throws CommandFailed {
        String editor = command();
        try {
            Path file = Files.createTempFile(name, ".yaml");
            try {
                Files.writeString(file, text);
                // As a shell would read it: the variable may hold options.
                int code = new ProcessBuilder("/bin/sh", "-c", editor + " \"$1\"", "sh", file.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
                if (code != 0) {
                    throw new CommandFailed(
                            "cannot edit: %s ended with %d; nothing was changed".formatted(editor, code));
                }
                return Files.readString(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new CommandFailed("cannot edit with %s: %s; set EDITOR".formatted(editor, e.getMessage()));
        } catch (InterruptedException e) {
            throw new CommandFailed("interrupted");
        }
    }

    private String command() throws CommandFailed {
        Optional<String> chosen = Optional.ofNullable(environment.get("EDITOR")).filter(editor -> !editor.isBlank());
        return chosen.or(() -> USUAL.stream().filter(this::isInstalled).findFirst())
                .orElseThrow(() ->
                        new CommandFailed("EDITOR environment variable is not set; editor or vi are not available"));
    }

    private boolean isInstalled(String program) {
        return List.of(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
