package pgha.agent.postgres;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.LeftAs;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Timeline;

/**
 * Parsed output of pg_controldata.
 *
 * <p>Immutable. The names of the lines are those of the program in English, unchanged since 9.6.
 */
record ControlData(Map<String, String> lines) {
    ControlData {
        lines = java.util.Collections.unmodifiableMap(new TreeMap<>(lines));
    }

    /** Empty if it is not the output of pg_controldata about a cluster. */
    static Optional<ControlData> parse(String output) {
        Map<String, String> lines = new TreeMap<>();
        for (String line : output.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        ControlData data = new ControlData(lines);
        boolean isOne = SystemIdentifier.isValid(data.text("Database system identifier"))
                && data.text("Latest checkpoint location").contains("/")
                && data.leftAs().isPresent();
        return isOne ? Optional.of(data) : Optional.empty();
    }

    SystemIdentifier systemIdentifier() {
        return new SystemIdentifier(text("Database system identifier"));
    }

    Optional<LeftAs> leftAs() {
        return Optional.ofNullable(
                switch (text("Database cluster state")) {
                    case "shut down" -> LeftAs.SHUT_DOWN;
                    case "shut down in recovery" -> LeftAs.SHUT_DOWN_IN_RECOVERY;
                    case "shutting down" -> LeftAs.SHUTTING_DOWN;
                    case "in crash recovery", "starting up" -> LeftAs.IN_CRASH_RECOVERY;
                    case "in archive recovery" -> LeftAs.IN_ARCHIVE_RECOVERY;
                    case "in production" -> LeftAs.IN_PRODUCTION;
                    default -> null;
                });
    }

    Lsn checkpoint() {
        return Lsn.parse(text("Latest checkpoint location"));
    }

    Timeline checkpointTimeline() {
        return timeline("Latest checkpoint's TimeLineID").orElse(new Timeline(1));
    }

    /** Of one of the parameters that a standby must not have smaller than its primary. */
    Optional<Integer> setting(String parameter) {
        String line =
                switch (parameter) {
                    case "max_prepared_transactions" -> "max_prepared_xacts setting";
                    case "max_locks_per_transaction" -> "max_locks_per_xact setting";
                    default -> parameter + " setting";
                };
        String value = text(line);
        return value.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(value));
    }

    /** Of a file of the write-ahead log, in bytes. */
    long segmentSize() {
        return Long.parseLong(text("Bytes per WAL segment"));
    }

    /** The file that {@code at} is in has a name that begins with a timeline and ends with this. */
    String segmentOf(Lsn at) {
        long perLog = (1L << 32) / segmentSize();
        long number = at.bytes() / segmentSize();
        return "%08X%08X".formatted(number / perLog, number % perLog);
    }

    boolean canBeRewound() {
        String checksums = text("Data page checksum version");
        return text("wal_log_hints setting").equals("on") || !(checksums.isEmpty() || checksums.equals("0"));
    }

    /**
     * Where a replica that was stopped has got to. A primary has one until the first checkpoint after its promotion, and
     * then it alone tells the timeline that it wrote on: the checkpoint is of the one before.
     */
    private Optional<Lsn> recoveryEnd() {
        String location = text("Minimum recovery ending location");
        return location.contains("/")
                ? Optional.of(Lsn.parse(location)).filter(lsn -> lsn.isAheadOf(Lsn.ZERO))
                : Optional.empty();
    }

    ControlFacts facts(boolean standbySignal, int majorVersion, HistoryFiles history) {
        boolean replica = standbySignal || leftAs().orElseThrow().wasReplica();
        Timeline checkpointTimeline = checkpointTimeline();
        Timeline timeline = recoveryEnd()
                .flatMap(end -> timeline("Min recovery ending loc's timeline"))
                .filter(checkpointTimeline::isBehind)
                .orElse(checkpointTimeline);
        return new ControlFacts(
                systemIdentifier(),
                leftAs().orElseThrow(),
                timeline,
                recoveryEnd().filter(end -> replica).orElse(checkpoint()),
                standbySignal,
                majorVersion,
                history.beyondTheFirst(timeline));
    }

    private Optional<Timeline> timeline(String line) {
        String value = text(line);
        return value.isEmpty() || value.equals("0")
                ? Optional.empty()
                : Optional.of(new Timeline(Integer.parseInt(value)));
    }

    private String text(String line) {
        return lines.getOrDefault(line, "");
    }
}
