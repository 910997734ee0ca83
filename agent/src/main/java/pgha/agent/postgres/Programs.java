package pgha.agent.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.os.Command;

/**
 * Where PostgreSQL's programs are, and the environment that they get.
 *
 * <p>Immutable.
 */
record Programs(PostgresConfig config, SortedMap<String, String> environment) {
    /** What is between us and the service manager. */
    private static final List<String> OF_THE_SERVICE = List.of(
            "NOTIFY_SOCKET",
            "WATCHDOG_",
            "LISTEN_",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "MAINPID",
            "CREDENTIALS_DIRECTORY");

    /** Ours, or the service manager's, or such as would lead libpq somewhere else. */
    private static final List<String> OURS = List.of(
            "NOTIFY_SOCKET",
            "WATCHDOG_",
            "LISTEN_",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "MAINPID",
            "CREDENTIALS_DIRECTORY",
            "SYSTEMD_EXEC_PID",
            "PATRONI",
            "PGHA",
            "JAVA",
            "_JAVA",
            "JDK_",
            "CLASSPATH",
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGDATABASE",
            "PGPASS",
            "PGDATA",
            "PGOPTIONS",
            "PGSERVICE",
            "PGAPPNAME",
            "PGSSL",
            "PGTARGETSESSIONATTRS");

    /** How an operator says for the server alone what would mean ourselves, too, under glibc's name. */
    private static final String ARENAS = "PG_MALLOC_ARENA_MAX";

    /** @param inherited this process's environment */
    static Programs of(PostgresConfig config, Map<String, String> inherited) {
        SortedMap<String, String> environment = new TreeMap<>(inherited);
        environment.keySet().removeIf(name -> OURS.stream().anyMatch(name::startsWith));
        environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return new Programs(config, environment);
    }

    /** The program in {@code bin_dir}, or the first one on the path. */
    Path find(String program) {
        if (config.binDir().isPresent()) {
            return config.binDir().get().resolve(program);
        }
        return onPath(program);
    }

    /** A program of the operator's: as written, or the first one on the path. */
    Path onPath(String program) {
        if (program.contains("/")) {
            return Path.of(program);
        }
        for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return Path.of(program);
    }

    /** The operator's own programs, in our environment but for what ties us to the service manager. */
    Command operators(String line, List<String> more, Path output) {
        SortedMap<String, String> inherited = new TreeMap<>(System.getenv());
        inherited.keySet().removeIf(name -> OF_THE_SERVICE.stream().anyMatch(name::startsWith));
        List<String> words = new ArrayList<>(ShellWords.split(line));
        Path program = onPath(words.removeFirst());
        words.addAll(more);
        return new Command(program, words, inherited, output);
    }

    /** PostgreSQL's own programs, in English, whose output we read. */
    Command tool(String program, List<String> arguments, Path output) {
        SortedMap<String, String> inEnglish = new TreeMap<>(environment);
        inEnglish.put("LC_ALL", "C");
        inEnglish.put("LANG", "C");
        inEnglish.putAll(forLibpq());
        return new Command(find(program), arguments, inEnglish, output);
    }

    /** What tells libpq how we connect, for what is not in a connection string. */
    Map<String, String> forLibpq() {
        Map<String, String> variables =
                new TreeMap<>(Map.of("PGPASSFILE", config.pgpass().toString()));
        config.kerberosServiceName().ifPresent(name -> variables.put("PGKRBSRVNAME", name));
        return variables;
    }

    /** The server itself. The out-of-memory killer spares it as it spares us, but not its backends. */
    Command server(List<String> arguments, Path output) {
        SortedMap<String, String> forServer = new TreeMap<>(environment);
        Optional.ofNullable(forServer.remove(ARENAS)).ifPresent(limit -> forServer.put("MALLOC_ARENA_MAX", limit));
        forServer.put("PG_OOM_ADJUST_FILE", "/proc/self/oom_score_adj");
        forServer.put("PG_OOM_ADJUST_VALUE", "0");
        return new Command(find("postgres"), arguments, forServer, output);
    }
}
