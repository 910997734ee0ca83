package pgha.it.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pgha.lab.Command;
import pgha.lab.LabOptions;

/** One copy of the packaged tree, and how user postgres runs its programs. */
record Distribution(Path home) {

    /** As the build left it, where user postgres may have no way to. */
    static Distribution built() {
        return new Distribution(LabOptions.from(System.getenv()).distribution());
    }

    /** With the times of its files, as a package manager installs it. */
    Distribution copyTo(Path directory) {
        Command.run("cp", "-a", home.toString(), directory.toString()).orThrow();
        return new Distribution(directory);
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    Path library(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().matches(prefix + "-[0-9].*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no library " + prefix + " in " + home));
        }
    }

    /** Runs one of the programs from {@code cwd} as user postgres, in a clean environment. */
    Command.Result run(Path cwd, Map<String, String> environment, Path program, String... arguments) {
        return Command.run(asPostgres(cwd, environment, program, arguments).toArray(String[]::new));
    }

    static List<String> asPostgres(Path cwd, Map<String, String> environment, Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "-i", "--chdir=" + cwd, "PATH=/usr/bin:/bin"));
        new TreeMap<>(environment).forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"));
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Each file with what could have changed in it: to see that nothing was written. */
    String listing() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.map(Distribution::describe).sorted().collect(Collectors.joining("\n"));
        }
    }

    private static String describe(Path file) {
        try {
            return file + " " + Files.getLastModifiedTime(file) + " "
                    + (Files.isDirectory(file) ? 0 : Files.size(file));
        } catch (IOException e) {
            throw new AssertionError("cannot look at " + file, e);
        }
    }
}
