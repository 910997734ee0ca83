package pgha.agent.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.CarrySlots;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;

/**
 * Copies logical slots from the leader, and leaves the server stopped: it reads {@code pg_replslot} as it starts.
 *
 * <p>What the leader has on disk may be behind what it has in memory, which only means that the copy begins further
 * back. A copy whose WAL this server has no more could not be read: the server is not stopped for one. All is fetched
 * before the server is stopped, so that a leader that does not answer costs nothing.
 */
record CarrySlotsTask(LocalServer server, CarrySlots order) implements Task {
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);

    /** As the user of pg_rewind, who may read files by this function, too. */
    private static final String FETCH = """
            SELECT slot_name, database, plugin, restart_lsn, pg_read_binary_file('pg_replslot/' || slot_name || '/state')
              FROM pg_replication_slots
             WHERE slot_name = ANY (string_to_array(?, ',')) AND slot_type = 'logical' AND restart_lsn IS NOT NULL
               AND NOT pg_is_in_recovery()""";

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        try {
            SortedMap<String, byte[]> states = fetched(progress);
            cancel.throwIfRequested();
            if (states.isEmpty()) {
                return failed("it has none that could be used here");
            }
            Outcome stopped = new StopTask(server, new StopPostgres(StopMode.FAST, order.by(), false))
                    .run(new CancelToken(), progress);
            if (stopped instanceof Failed) {
                return stopped;
            }
            for (Map.Entry<String, byte[]> slot : states.entrySet()) {
                write(slot.getKey(), slot.getValue());
            }
            return new Succeeded();
        } catch (SQLException e) {
            return failed(Sql.reason(e));
        } catch (IOException e) {
            return failed(Texts.reason(e));
        }
    }

    private Failed failed(String why) {
        return new Failed("cannot copy the logical slots %s from %s: %s"
                .formatted(
                        String.join(", ", order.slots().keySet()), order.from().name(), why));
    }

    private SortedMap<String, byte[]> fetched(Consumer<Progress> progress)
            throws SQLException, IOException, InterruptedException {
        SortedMap<String, byte[]> states = new TreeMap<>();
        PostgresConfig config = server.config();
        try (Connection connection =
                        server.sql().toMember(order.from().address(), config.rewindUser(), STATEMENT_TIMEOUT);
                PreparedStatement statement = connection.prepareStatement(FETCH)) {
            statement.setString(1, String.join(",", order.slots().keySet()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    Optional<String> objection = objection(
                            name, new LogicalSlot(row.getString(2), row.getString(3)), Lsn.parse(row.getString(4)));
                    objection.ifPresent(why -> progress.accept(new Progress.Note(why)));
                    if (objection.isEmpty()) {
                        states.put(name, row.getBytes(5));
                    }
                }
            }
        }
        return states;
    }

    private Optional<String> objection(String name, LogicalSlot found, Lsn from)
            throws IOException, InterruptedException {
        LogicalSlot wanted = order.slots().get(name);
        if (!found.equals(wanted)) {
            return Optional.of("slot %s is %s on %s, and the settings say %s"
                    .formatted(name, found, order.from().name(), wanted));
        }
        ControlReader.Reading control = server.control();
        if (control.data().isEmpty()) {
            return Optional.of(control.complaint());
        }
        return hasWal(control.data().get().segmentOf(from))
                ? Optional.empty()
                : Optional.of("slot %s needs WAL from %s on, which is not here any more".formatted(name, from));
    }

    /** On whatever timeline. */
    private boolean hasWal(String segment) throws IOException {
        try (Stream<Path> files = Files.list(server.config().dataDir().resolve("pg_wal"))) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.length() == 24 && name.endsWith(segment));
        }
    }

    /** A directory that is not whole has a name that PostgreSQL clears away as it starts. */
    private void write(String name, byte[] state) throws IOException {
        Path slots = server.config().dataDir().resolve("pg_replslot");
        Path slot = slots.resolve(name);
        boolean isNew = !Files.isDirectory(slot);
        Path into = isNew ? Files.createDirectories(slots.resolve(name + ".tmp")) : slot;
        Path file = into.resolve("state");
        Path half = into.resolve("state.tmp");
        Files.write(half, state);
        force(half);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        force(into);
        if (isNew) {
            Files.move(into, slot, StandardCopyOption.ATOMIC_MOVE);
        }
        force(slots);
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
