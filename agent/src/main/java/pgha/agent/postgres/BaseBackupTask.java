package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.os.WallClock;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.ByteCount;

/**
 * Clones a member with pg_basebackup.
 *
 * <p>The clone is made beside the data directory and put in its place when it is whole: a data directory is never half
 * a clone, and what was there before is untouched until then, and moved aside then.
 */
record BaseBackupTask(LocalServer server, Upstream from) implements Task {
    private static final Duration LIMIT = Duration.ofDays(30);
    private static final Pattern AMOUNTS = Pattern.compile("(\\d+)/(\\d+) kB");

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        Optional<String> objection = server.objectionToStart();
        if (objection.isPresent()) {
            return new Failed("cannot clone %s: %s".formatted(from.name(), objection.get()));
        }
        try {
            DirectoryMove move = new DirectoryMove(server.config().dataDir(), new WallClock().now());
            server.endEarlier("pg_rewind", server.config().dataDir());
            server.endEarlier("pg_basebackup", move.newPath());
            Path clone = move.prepareNew();
            Optional<Path> wal = walDirectory();
            move.vacateLinks();
            new PasswordFile(server.config().pgpass())
                    .know(from.address(), server.config().replication());
            ExternalCommand.Ended ended = server.commands()
                    .run(
                            server.programs()
                                    .tool(
                                            "pg_basebackup",
                                            arguments(clone, wal),
                                            server.commands().newOutput("pg_basebackup")),
                            LIMIT,
                            cancel,
                            output -> tellAmount(output, progress));
            if (!ended.isSuccess()) {
                return new Failed("cannot clone %s: %s".formatted(from.name(), ended.brief("pg_basebackup")));
            }
            // pg_control is the source's and says "in production": the signal says whose data this is.
            Path signal = clone.resolve("standby.signal");
            if (!Files.exists(signal)) {
                // A replica's copy has its own.
                Files.createFile(signal);
            }
            new DataDirectory(clone).markFreshCopy();
            move.install().ifPresent(aside -> progress.accept(new Progress.Note("moved what was there to " + aside)));
            return new Succeeded();
        } catch (IOException e) {
            return new Failed("cannot clone %s: %s".formatted(from.name(), Texts.reason(e)));
        }
    }

    private List<String> arguments(Path clone, Optional<Path> wal) {
        PostgresConfig config = server.config();
        List<String> arguments = new ArrayList<>(List.of(
                "--pgdata=" + clone,
                "--wal-method=stream",
                "--progress",
                "--dbname="
                        + ConnInfo.to(
                                from.address(),
                                config.replication(),
                                config,
                                // Under our name its stream would confirm commits for a replica that is not there.
                                "pg_basebackup")));
        if (config.basebackupOptions().stream().noneMatch(option -> option.startsWith("--checkpoint"))) {
            arguments.add("--checkpoint=fast");
        }
        if (config.basebackupOptions().stream().noneMatch(option -> option.startsWith("--waldir"))) {
            wal.ifPresent(path -> arguments.add("--waldir=" + path));
        }
        arguments.addAll(config.basebackupOptions());
        return arguments;
    }

    /** Where the WAL was kept outside the data directory, it is kept again. */
    private Optional<Path> walDirectory() throws IOException {
        Path link = server.config().dataDir().resolve("pg_wal");
        return Files.isSymbolicLink(link) && Files.isDirectory(link)
                ? Optional.of(link.toRealPath())
                : Optional.empty();
    }

    private static void tellAmount(String output, Consumer<Progress> progress) {
        Matcher matcher = AMOUNTS.matcher(output);
        String last = "";
        while (matcher.find()) {
            last = new ByteCount(Long.parseLong(matcher.group(1)) * 1024) + " of "
                    + new ByteCount(Long.parseLong(matcher.group(2)) * 1024);
        }
        if (!last.isEmpty()) {
            progress.accept(new Progress.Note(last));
        }
    }
}
