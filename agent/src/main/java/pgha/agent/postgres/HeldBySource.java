package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.Timeline;

/**
 * Whether a data directory surely holds nothing that the source of a new copy has not: only then may a program write over
 * it.
 *
 * <p>Used by one task. That is so of a replica's whose last checkpoint is on the timeline that the source writes to, and is
 * the same record there: whoever had written to a timeline of that number by himself would have others from its beginning
 * on, and this one bears a time and a checksum. Whatever cannot be shown counts as not so.
 */
record HeldBySource(LocalServer server, Optional<Upstream> source) {
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);
    /** The head of the record with its checksum, also where the head of a page is in between. */
    private static final int COMPARED = 64;

    private static final String ASK = """
            SELECT (SELECT system_identifier FROM pg_control_system())::text AS system,
                   ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int AS timeline,
                   pg_read_binary_file('pg_wal/' || ?, ?, ?, true) AS record""";

    /** Why it may hold more; empty if it does not. */
    Optional<String> objection() throws IOException, InterruptedException {
        if (holdsNothing()) {
            return Optional.empty();
        }
        DataDirectory directory = server.directory();
        if (!directory.holdsCluster() || directory.isHalfMade() || directory.isBrokenOff()) {
            return Optional.of("it is no whole cluster");
        }
        ControlReader.Reading control = server.control();
        return control.data().isPresent() ? objectionTo(control.data().get()) : Optional.of(control.complaint());
    }

    /** Whatever else is in it, it is not a cluster's, or what is left of one. */
    private boolean holdsNothing() {
        return Stream.of("PG_VERSION", "global", "base", "pg_wal", "pg_tblspc")
                .map(server.config().dataDir()::resolve)
                .noneMatch(Files::exists);
    }

    private Optional<String> objectionTo(ControlData control) throws IOException {
        if (!control.leftAs().filter(LeftAs::wasReplica).isPresent()) {
            return Optional.of("a primary was the last to run on it");
        }
        Timeline timeline =
                control.facts(false, 0, new HistoryFiles(server.directory())).timeline();
        if (!control.checkpointTimeline().equals(timeline) || logsBeyond(timeline)) {
            return Optional.of("its log goes on after timeline " + control.checkpointTimeline());
        }
        Optional<byte[]> checkpoint = checkpoint(control);
        if (checkpoint.isEmpty()) {
            return Optional.of("its last checkpoint is not in its log");
        }
        return source.isPresent()
                ? objectionOf(source.get(), control, checkpoint.get())
                : Optional.of("there is nobody to compare it with");
    }

    /** pg_control need not have heard of a timeline that somebody was promoted to a moment before a crash. */
    private boolean logsBeyond(Timeline timeline) throws IOException {
        try (Stream<Path> files = Files.list(walDirectory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9A-F]{8}([0-9A-F]{16}|\\.history).*"))
                    .anyMatch(name -> Long.parseLong(name.substring(0, 8), 16) > timeline.id());
        }
    }

    private Path walDirectory() {
        return server.config().dataDir().resolve("pg_wal");
    }

    private Optional<String> objectionOf(Upstream from, ControlData control, byte[] checkpoint) {
        try (Connection connection =
                        server.sql().toMember(from.address(), server.config().rewindUser(), STATEMENT_TIMEOUT);
                PreparedStatement question = connection.prepareStatement(ASK)) {
            question.setString(1, segment(control));
            question.setLong(2, offset(control));
            question.setLong(3, COMPARED);
            try (ResultSet answer = question.executeQuery()) {
                answer.next();
                boolean isSame = answer.getString("system")
                                .equals(control.systemIdentifier().value())
                        && answer.getInt("timeline")
                                == control.checkpointTimeline().id()
                        && Arrays.equals(checkpoint, answer.getBytes("record"));
                return isSame
                        ? Optional.empty()
                        : Optional.of("its last checkpoint, at %s on timeline %s, is not known to %s"
                                .formatted(control.checkpoint(), control.checkpointTimeline(), from.name()));
            }
        } catch (SQLException e) {
            return Optional.of("%s does not say what it has: %s".formatted(from.name(), Sql.reason(e)));
        }
    }

    /** Its first bytes in our log, if they are there, and all in one file. */
    private Optional<byte[]> checkpoint(ControlData control) throws IOException {
        Path file = walDirectory().resolve(segment(control));
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var log = Files.newByteChannel(file)) {
            log.position(offset(control));
            var bytes = java.nio.ByteBuffer.allocate(COMPARED);
            while (bytes.hasRemaining() && log.read(bytes) > 0) {
                // Until there is enough of it.
            }
            return bytes.hasRemaining() ? Optional.empty() : Optional.of(bytes.array());
        }
    }

    private static String segment(ControlData control) {
        return "%08X%s".formatted(control.checkpointTimeline().id(), control.segmentOf(control.checkpoint()));
    }

    private static long offset(ControlData control) {
        return control.checkpoint().bytes() % control.segmentSize();
    }
}
