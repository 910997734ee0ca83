package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.Moment;

/**
 * What a node has begun.
 *
 * <p>Immutable.
 *
 * @param task the one that owns the data directory
 * @param begun how many tasks have been begun, for their ids
 * @param errands what an operator ordered
 * @param alone since when a server runs that we started as replica of nobody
 */
public record Work(
        Optional<RunningTask> task,
        long begun,
        Failures failures,
        InFlight inFlight,
        Errands errands,
        Optional<Moment> alone) {
    static final Work NOTHING =
            new Work(Optional.empty(), 0, Failures.NONE, InFlight.NOTHING, Errands.NONE, Optional.empty());

    TaskId nextId() {
        return new TaskId(begun + 1);
    }

    Work begin(TaskSpec spec, Moment now) {
        return new Work(
                Optional.of(RunningTask.begun(nextId(), spec, now)), begun + 1, failures, inFlight, errands, alone);
    }

    boolean isRunning(TaskId id) {
        return task.filter(running -> running.id().equals(id)).isPresent();
    }

    Work progressed(Progress progress, Moment now) {
        return new Work(task.map(running -> running.at(progress, now)), begun, failures, inFlight, errands, alone);
    }

    Work cancelling() {
        return new Work(task.map(RunningTask::cancelled), begun, failures, inFlight, errands, alone);
    }

    Work finished(Outcome outcome, Moment now) {
        TaskSpec spec = task.orElseThrow().spec();
        Failures after =
                switch (outcome) {
                    case Outcome.Succeeded s -> failures.succeeded(spec);
                    case Outcome.Failed failed -> failures.failed(spec, failed.sentence(), now);
                    case Outcome.Cancelled c -> failures;
                };
        return new Work(Optional.empty(), begun, after, inFlight, errands, alone(spec, now));
    }

    private Optional<Moment> alone(TaskSpec spec, Moment now) {
        return switch (spec) {
            case TaskSpec.StartReplica start -> start.upstream().isEmpty() ? Optional.of(now) : Optional.empty();
            case TaskSpec.Checkpoint c -> alone;
            default -> Optional.empty();
        };
    }

    Work with(InFlight next) {
        return new Work(task, begun, failures, next, errands, alone);
    }

    Work with(Failures next) {
        return new Work(task, begun, next, inFlight, errands, alone);
    }

    Work with(Errands next) {
        return new Work(task, begun, failures, inFlight, next, alone);
    }
}
