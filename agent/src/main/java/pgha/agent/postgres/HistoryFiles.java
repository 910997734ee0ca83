package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

/**
 * The timeline history files in pg_wal.
 *
 * <p>Confined to the observer; the last one is kept, since the file of a timeline never changes.
 */
final class HistoryFiles {
    /** As Python's isoformat, which wrote the entries of a cluster that was Patroni's. */
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private final Path wal;
    private Timeline lastAsked = new Timeline(1);
    private TimelineHistory last = TimelineHistory.EMPTY;

    HistoryFiles(DataDirectory dataDirectory) {
        this.wal = dataDirectory.path().resolve("pg_wal");
    }

    /** As {@link #of}; empty for the first timeline too, which has none. */
    Optional<TimelineHistory> beyondTheFirst(Timeline timeline) {
        return of(timeline).filter(history -> !history.equals(TimelineHistory.EMPTY));
    }

    /** Of the timeline that a server is on; empty if the file cannot be read (yet). */
    Optional<TimelineHistory> of(Timeline timeline) {
        if (!timeline.equals(lastAsked)) {
            Path file = wal.resolve("%08X.history".formatted(timeline.id()));
            try {
                last = dated(
                        parse(Files.readString(file)),
                        Files.getLastModifiedTime(file).toInstant());
                lastAsked = timeline;
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.of(last);
    }

    /** A promotion writes the file: its time is that of the last switch. */
    static TimelineHistory dated(TimelineHistory history, Instant written) {
        List<Switch> switches = new ArrayList<>(history.switches());
        if (!switches.isEmpty()) {
            Switch now = switches.removeLast();
            String time = ISO.format(written.atZone(ZoneId.systemDefault()));
            switches.add(new Switch(now.parent(), now.at(), now.reason(), time, now.newLeader()));
        }
        return new TimelineHistory(switches);
    }

    /** Lines of timeline, position and reason, separated by tabs. */
    static TimelineHistory parse(String text) {
        List<Switch> switches = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] parts = line.strip().split("\t", 3);
            if (parts.length >= 2 && parts[0].matches("\\d+") && parts[1].contains("/")) {
                switches.add(new Switch(
                        new Timeline(Integer.parseInt(parts[0])),
                        Lsn.parse(parts[1]),
                        parts.length > 2 ? parts[2].strip() : "",
                        "",
                        ""));
            }
        }
        return new TimelineHistory(switches);
    }
}
