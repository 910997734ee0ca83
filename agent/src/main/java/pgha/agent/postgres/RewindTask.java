package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.Moment;

/**
 * Winds a diverged data directory back to where the leader's history left it, with pg_rewind.
 *
 * <p>Three things must be so before: the files are of a server that was shut down in order, which a single-user server
 * sees to where they are not; the leader is a primary; and its checkpoint after its promotion is done, for pg_rewind
 * reads the leader's timeline from there, and would find nothing to do. pg_rewind copies the leader's configuration
 * over ours, so ours is put back after it.
 *
 * <p>Where it is broken off after it has begun to write, the files are of two histories and pg_control does not tell: a
 * server would start on them and serve what nobody ever wrote. Such a directory counts as none, and is cloned anew.
 */
record RewindTask(LocalServer server, Upstream from) implements Task {
    private static final Duration LIMIT = Duration.ofDays(1);
    private static final Duration RECOVERY_LIMIT = Duration.ofHours(6);
    private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(200);
    /** What pg_rewind says with --progress before the first byte that it writes. */
    private static final String BEGINS_TO_WRITE = "need to copy";

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        Optional<String> objection = server.objectionToStart();
        try {
            if (objection.isEmpty()) {
                server.files().write(server.parameters(cancel), Optional.empty());
                objection = recover(cancel, progress);
            }
            if (objection.isEmpty()) {
                objection = awaitCheckpointOfSource(cancel);
            }
            return objection.isPresent() ? failed(objection.get()) : rewind(cancel, progress);
        } catch (IOException e) {
            return failed(Texts.reason(e));
        }
    }

    private Outcome rewind(CancelToken cancel, Consumer<Progress> progress) throws IOException, InterruptedException {
        PostgresConfig config = server.config();
        new PasswordFile(config.pgpass()).know(from.address(), config.rewindUser());
        Map<Path, byte[]> kept = keepConfiguration();
        AtomicBoolean writes = new AtomicBoolean();
        boolean whole = false;
        server.directory().markHalfRewound(true);
        try {
            ExternalCommand.Ended ended = pgRewind(cancel, output -> {
                writes.compareAndSet(false, output.contains(BEGINS_TO_WRITE));
                progress.accept(new Progress.Note(Texts.lastWords(output, 1)));
            });
            whole = ended.isSuccess() || !writes.get();
            if (!ended.isSuccess()) {
                return failed(ended.brief("pg_rewind"));
            }
            // From here on it is a replica's data: it must not be taken for a primary's once more.
            server.files().writeStandbySignal();
            return new Succeeded();
        } catch (InterruptedException e) {
            whole = !writes.get();
            throw e;
        } finally {
            restoreConfiguration(kept);
            if (whole) {
                server.directory().markRewound();
            } else {
                server.directory().markHalfRewound(false);
                progress.accept(new Progress.Note("pg_rewind was broken off: these files are of no use any more"));
            }
        }
    }

    private ExternalCommand.Ended pgRewind(CancelToken cancel, Consumer<String> watching) throws InterruptedException {
        return server.commands()
                .run(
                        server.programs()
                                .tool(
                                        "pg_rewind",
                                        arguments(),
                                        server.commands().newOutput("pg_rewind")),
                        LIMIT,
                        cancel,
                        watching);
    }

    private List<String> arguments() {
        PostgresConfig config = server.config();
        ConnInfo source = ConnInfo.to(
                from.address(), config.rewindUser(), config, config.name().value());
        List<String> arguments = new ArrayList<>(
                List.of("--target-pgdata=" + config.dataDir(), "--source-server=" + source, "--progress"));
        // We have seen to that ourselves, with our own configuration.
        arguments.add("--no-ensure-shutdown");
        if (config.parameters().containsKey("restore_command")) {
            arguments.addAll(toRestoreWal());
        }
        arguments.addAll(config.rewindOptions());
        return arguments;
    }

    /** Before 15, pg_rewind finds restore_command only in the postgresql.conf of the data directory. */
    private List<String> toRestoreWal() {
        if (server.files().mainFile().equals(server.config().dataDir().resolve("postgresql.conf"))) {
            return List.of("--restore-target-wal");
        }
        return server.directory().majorVersion() < 15
                ? List.of()
                : List.of(
                        "--restore-target-wal",
                        "--config-file=" + server.files().mainFile());
    }

    /** Brings files of a server that died into the state of one that was shut down; why not, if it cannot. */
    private Optional<String> recover(CancelToken cancel, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        ControlReader.Reading reading = server.control();
        if (reading.data().isEmpty()) {
            return Optional.of(reading.complaint());
        }
        LeftAs leftAs = reading.data().get().leftAs().orElseThrow();
        if (leftAs == LeftAs.SHUT_DOWN || leftAs == LeftAs.SHUT_DOWN_IN_RECOVERY) {
            return Optional.empty();
        }
        progress.accept(new Progress.Note("recovering from the crash in single-user mode"));
        server.files().removeSignals();
        Files.deleteIfExists(server.config().dataDir().resolve("postmaster.pid"));
        List<String> arguments = new ArrayList<>(List.of("--single"));
        arguments.addAll(server.files().arguments(new TreeMap<>()));
        // Segments are marked for the archiver, which there is none of in this mode.
        arguments.addAll(List.of("-c", "archive_mode=on", "-c", "archive_command=false", "template1"));
        ExternalCommand.Ended ended = server.run("postgres", arguments, RECOVERY_LIMIT, cancel);
        return ended.isSuccess() ? Optional.empty() : Optional.of(ended.brief("postgres --single"));
    }

    /** Why not, if the source has not taken its checkpoint in time or is no primary. */
    private Optional<String> awaitCheckpointOfSource(CancelToken cancel) throws InterruptedException {
        Moment until = server.clock().now().plus(CHECKPOINT_LIMIT);
        try (Connection connection =
                server.sql().toMember(from.address(), server.config().rewindUser(), Duration.ofSeconds(5))) {
            while (true) {
                Optional<String> objection = objectionTo(connection);
                if (objection.isEmpty() || server.clock().now().isAfter(until)) {
                    return objection;
                }
                cancel.throwIfRequested();
                Thread.sleep(STEP);
            }
        } catch (SQLException e) {
            return Optional.of("%s does not answer: %s".formatted(from.name(), Sql.reason(e)));
        }
    }

    private Optional<String> objectionTo(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                row.next();
                if (row.getBoolean(1)) {
                    return Optional.of(from.name() + " is not a primary");
                }
            }
            try (ResultSet row = statement.executeQuery("""
                    SELECT timeline_id,
                           ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
                      FROM pg_control_checkpoint()""")) {
                row.next();
                return row.getInt(1) == row.getInt(2)
                        ? Optional.empty()
                        : Optional.of(from.name() + " has not taken its checkpoint after promotion");
            }
        }
    }

    private Map<Path, byte[]> keepConfiguration() throws IOException {
        Map<Path, byte[]> kept = new TreeMap<>();
        for (String name : server.files().names()) {
            Path file = server.config().dataDir().resolve(name);
            if (Files.isRegularFile(file)) {
                kept.put(file, Files.readAllBytes(file));
            }
        }
        return kept;
    }

    private void restoreConfiguration(Map<Path, byte[]> kept) throws IOException {
        for (Map.Entry<Path, byte[]> file : kept.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
    }

    private Outcome failed(String why) {
        return new Failed("cannot rewind from " + from.name() + ": " + why);
    }
}
