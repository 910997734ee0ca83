package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;

/**
 * The task that owns the data directory now.
 *
 * <p>Immutable.
 *
 * @param stopAskedAt for a stop: when PostgreSQL was told
 * @param writersGone for a stop: nothing is left that could acknowledge a commit
 * @param shutDown for a stop: the shutdown checkpoint, once it is on disk
 * @param note for people: how far it is
 */
public record RunningTask(
        TaskId id,
        TaskSpec spec,
        Moment since,
        boolean cancelling,
        Optional<Moment> stopAskedAt,
        boolean writersGone,
        Optional<Lsn> shutDown,
        String note) {

    static RunningTask begun(TaskId id, TaskSpec spec, Moment now) {
        return new RunningTask(id, spec, now, false, Optional.empty(), false, Optional.empty(), "");
    }

    RunningTask cancelled() {
        return new RunningTask(id, spec, since, true, stopAskedAt, writersGone, shutDown, note);
    }

    RunningTask at(Progress progress, Moment now) {
        return switch (progress) {
            case Progress.Note n ->
                new RunningTask(id, spec, since, cancelling, stopAskedAt, writersGone, shutDown, n.text());
            case Progress.StopAsked a ->
                new RunningTask(id, spec, since, cancelling, Optional.of(now), writersGone, shutDown, note);
            case Progress.WritersGone w ->
                new RunningTask(id, spec, since, cancelling, stopAskedAt, true, shutDown, note);
            case Progress.ShutDown s ->
                new RunningTask(id, spec, since, cancelling, stopAskedAt, true, Optional.of(s.checkpoint()), note);
        };
    }
}
