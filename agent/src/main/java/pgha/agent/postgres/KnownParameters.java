package pgha.agent.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pgha.agent.task.CancelToken;

/** Which parameters the installed PostgreSQL has, by its own word. Thread-safe; asked once for each binary. */
final class KnownParameters {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ExternalCommand commands;
    private final Map<Path, Set<String>> described = new ConcurrentHashMap<>();
    private final Map<String, Boolean> hidden = new ConcurrentHashMap<>();

    KnownParameters(ExternalCommand commands) {
        this.commands = commands;
    }

    /** Tests names in lower case. If PostgreSQL cannot be asked, every name passes: it will complain itself. */
    Predicate<String> of(Programs programs, Path dataDir, CancelToken cancel) throws InterruptedException {
        Path program = programs.find("postgres");
        Set<String> names = described.get(program);
        if (names == null) {
            ExternalCommand.Ended ended = commands.run(
                    programs.tool("postgres", List.of("--describe-config"), commands.newOutput("postgres")),
                    TIMEOUT,
                    cancel);
            names = ended.isSuccess() ? parse(ended.output()) : Set.of();
            if (names.isEmpty()) {
                return name -> true;
            }
            described.put(program, names);
        }
        Set<String> known = names;
        return name -> known.contains(name)
                || hidden.computeIfAbsent(program + " " + name, key -> !isRefused(programs, dataDir, name));
    }

    /** Parameters that are not in the sample file are not described, but have a value. */
    private boolean isRefused(Programs programs, Path dataDir, String name) {
        try {
            ExternalCommand.Ended ended = commands.run(
                    programs.tool(
                            "postgres",
                            List.of("-D", dataDir.toString(), "--config-file=/dev/null", "-C", name),
                            commands.newOutput("postgres")),
                    TIMEOUT,
                    new CancelToken());
            return ended.output().contains("unrecognized configuration parameter \"" + name + "\"");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Set<String> parse(String output) {
        return Stream.of(output.split("\n", -1))
                .map(line -> line.split("\t", 2)[0].toLowerCase(java.util.Locale.ROOT))
                .filter(name -> !name.isBlank())
                .collect(Collectors.toUnmodifiableSet());
    }
}
