package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pgha.agent.ha.Outcome;
import pgha.agent.os.SpawnException;
import pgha.agent.task.CancelToken;
import pgha.dcs.model.Moment;

/**
 * Starts the server and waits until it takes connections.
 *
 * <p>Used by one task. That it is ready is read from postmaster.pid, where the postmaster says so; that it has failed
 * is the end of the process, and the sentence is the last thing it said.
 */
final class ServerStart {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Pattern FATAL = Pattern.compile("\\b(FATAL|PANIC)\\b");
    private static final Pattern LINE_PREFIX = Pattern.compile("^.*?\\b((FATAL|PANIC|ERROR|LOG|DETAIL|HINT):)");
    private static final long LOG_LIMIT = 10L * 1024 * 1024;

    private final LocalServer server;
    private final Path log;

    ServerStart(LocalServer server) {
        this.server = server;
        this.log = server.config().logDir().resolve("postgres.out");
    }

    /**
     * @param as for sentences: {@code primary} or {@code replica}
     * @throws InterruptedException if it was cancelled; the server is stopped again
     */
    Outcome start(String as, SortedMap<String, String> commandLine, CancelToken cancel) throws InterruptedException {
        return start(as, commandLine, server.config().startTimeout(), cancel);
    }

    Outcome start(String as, SortedMap<String, String> commandLine, Duration atMost, CancelToken cancel)
            throws InterruptedException {
        try {
            Files.createDirectories(server.config().logDir());
            long logged = rotated();
            int pid = server.postmaster()
                    .spawn(server.programs().server(server.files().arguments(commandLine), log));
            return await(as, pid, logged, atMost, cancel);
        } catch (SpawnException e) {
            return new Outcome.Failed("cannot start as %s: %s".formatted(as, e.getMessage()));
        } catch (IOException e) {
            return new Outcome.Failed("cannot start as %s: %s".formatted(as, Texts.reason(e)));
        }
    }

    private Outcome await(String as, int pid, long logged, Duration atMost, CancelToken cancel)
            throws InterruptedException {
        Moment until = server.clock().now().plus(atMost);
        while (!server.postmaster().awaitExit(STEP)) {
            Optional<PidFile> file = server.directory().pidFile().filter(f -> f.pid() == pid);
            if (file.filter(PidFile::isReady).isPresent()) {
                return new Outcome.Succeeded();
            }
            if (cancel.isRequested()) {
                server.postmaster().killWriter();
                throw new InterruptedException("the start was cancelled");
            }
            if (server.clock().now().isAfter(until)) {
                return new Outcome.Failed("cannot start as %s: it takes no connections after %ds; it goes on trying"
                        .formatted(as, atMost.toSeconds()));
            }
        }
        return new Outcome.Failed("cannot start as %s: %s".formatted(as, lastWords(logged)));
    }

    /** What it complained of last, in its output or, once it has one, in its own log. */
    private String lastWords(long logged) {
        String said = Texts.after(log, logged) + ownLog();
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        int last = lines.size() - 1;
        while (last >= 0 && !FATAL.matcher(lines.get(last)).find()) {
            last--;
        }
        // The reason of the last word is in the line before it, or in its detail.
        List<String> told = last < 0
                ? lines.subList(Math.max(0, lines.size() - 3), lines.size())
                : lines.subList(Math.max(0, last - 1), Math.min(lines.size(), last + 2));
        String words = told.stream()
                .map(line -> LINE_PREFIX.matcher(line).replaceFirst("$1"))
                .collect(Collectors.joining(" | "))
                .replaceAll("\\s+", " ");
        return words.isEmpty() ? "it ended without a word" : "\"" + words.replace("\"", "'") + "\"";
    }

    private String ownLog() {
        DataDirectory directory = server.directory();
        try {
            Path list = directory.path().resolve("current_logfiles");
            if (!Files.exists(list)) {
                return "";
            }
            String file = Files.readString(list).split("\n", -1)[0].replaceFirst("^\\S+ ", "");
            Path ownLog = directory.path().resolve(file);
            return Texts.after(ownLog, Math.max(0, Texts.sizeOf(ownLog) - 4096));
        } catch (IOException e) {
            return "";
        }
    }

    /** Keeps one old file; where the new output begins. */
    private long rotated() throws IOException {
        long size = Texts.sizeOf(log);
        if (size > LOG_LIMIT) {
            Files.move(log, log.resolveSibling("postgres.out.1"), StandardCopyOption.REPLACE_EXISTING);
            return 0;
        }
        return size;
    }
}
