package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * What a node remembers of synchronous replication as long as it is primary.
 *
 * <p>Immutable. What another process did before us counts for nothing here: whatever it had begun may still come to its
 * end, so that the names are given once more, and the state is written once more, before anybody relies on them.
 *
 * @param ordered the names that this process has given to the running server, as far as it surely has them
 * @param ordering those that are being given
 * @param written the revision of {@code /sync} if this process wrote it, surely, and nothing that it sent is under way
 * @param changedAt what was seen before does not count
 * @param seen the names as the server has them
 */
public record SyncMemory(
        Optional<SyncNames> ordered,
        Optional<SyncNames> ordering,
        Optional<Revision> written,
        Moment changedAt,
        Optional<Seen> seen) {
    static final SyncMemory NOTHING =
            new SyncMemory(Optional.empty(), Optional.empty(), Optional.empty(), Moment.EARLIEST, Optional.empty());

    /** The walsenders and the checkpointer take new names each in its own time, a moment after those who ask. */
    private static final Duration SETTLING = Duration.ofMillis(500);

    /**
     * The names as the running primary has them.
     *
     * @param since when they were first seen
     * @param mark how far it had flushed when all its processes had them: who was waited for from then on, and has this
     *     too, has every acknowledged commit
     */
    public record Seen(int pid, String names, Moment since, Optional<Lsn> mark) {
        private Seen again(Sql sql, Moment lookedAt) {
            boolean settled = sql.synchrony().settled() && !lookedAt.isBefore(since.plus(SETTLING));
            return mark.isEmpty() && settled ? new Seen(pid, names, since, sql.flushed()) : this;
        }
    }

    SyncMemory saw(Observation observation, Moment lookedAt) {
        if (lookedAt.isBefore(changedAt)) {
            return this;
        }
        Optional<Sql> primary = observation.sql().filter(sql -> !sql.inRecovery());
        if (primary.isEmpty() || observation.pid().isEmpty()) {
            return with(Optional.empty());
        }
        Sql sql = primary.get();
        int pid = observation.pid().get();
        Seen next = seen.filter(before -> before.pid() == pid)
                .filter(before -> before.names().equals(sql.synchrony().names()))
                .map(before -> before.again(sql, lookedAt))
                .orElseGet(() -> new Seen(pid, sql.synchrony().names(), lookedAt, Optional.empty()));
        return with(Optional.of(next));
    }

    /** Whether a later look says more than the last one, even if it finds the same. */
    boolean awaitsLook() {
        return seen.flatMap(Seen::mark).isEmpty();
    }

    private SyncMemory with(Optional<Seen> next) {
        return new SyncMemory(ordered, ordering, written, changedAt, next);
    }

    SyncMemory ordering(Optional<SyncNames> names) {
        return new SyncMemory(Optional.empty(), names, written, changedAt, Optional.empty());
    }

    /** The running server has them. */
    SyncMemory ordered(Moment now) {
        return new SyncMemory(ordering, Optional.empty(), written, now, Optional.empty());
    }

    /** Nobody knows which names the server will have. */
    SyncMemory namesInDoubt(Moment now) {
        return new SyncMemory(Optional.empty(), Optional.empty(), written, now, Optional.empty());
    }

    /** A server that begins to write has the names that it was begun with; any other task may change them. */
    SyncMemory after(TaskSpec spec, Outcome outcome, Moment now) {
        SyncMemory doubtful = namesInDoubt(now);
        if (!(outcome instanceof Outcome.Succeeded)) {
            return doubtful;
        }
        return switch (spec) {
            case TaskSpec.StartPrimary s -> doubtful.ordering(s.names()).ordered(now);
            case TaskSpec.Promote s -> doubtful.ordering(s.names()).ordered(now);
            default -> doubtful;
        };
    }

    SyncMemory wrote(Optional<Revision> revision) {
        return new SyncMemory(ordered, ordering, revision, changedAt, seen);
    }
}
