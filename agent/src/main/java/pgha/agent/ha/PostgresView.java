package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.Sql;

/** What the local PostgreSQL is, as far as deciding goes. Immutable; derived, never stored. */
public sealed interface PostgresView {
    /** Nobody has looked since it last changed. */
    record Unseen() implements PostgresView {}

    /**
     * No data directory.
     *
     * @param restorable whether it can be made without a leader
     */
    record Absent(boolean restorable) implements PostgresView {}

    /** A data directory that PostgreSQL could not run on. */
    record Unusable(String why) implements PostgresView {}

    /** Data, and no postmaster. */
    record Stopped(ControlFacts control) implements PostgresView {}

    /** A postmaster that does not answer yet. */
    record Starting(boolean asPrimary) implements PostgresView {}

    /** In recovery. */
    record Replica(Sql sql) implements PostgresView {}

    /** Accepts writes. */
    record Primary(Sql sql) implements PostgresView {}

    /** Being stopped by us. */
    record Stopping(RunningTask task) implements PostgresView {}

    /** It answered once and does not now; {@code last} is what it said. */
    record Unresponsive(Sql last, String complaint) implements PostgresView {
        boolean wasPrimary() {
            return !last.inRecovery();
        }
    }

    /** Whether it may be accepting writes. */
    default boolean mayWrite() {
        return switch (this) {
            case Primary p -> true;
            case Unresponsive u -> u.wasPrimary();
            case Starting s -> s.asPrimary();
            case Stopping s -> !s.task().writersGone();
            case Unseen u -> false;
            case Absent a -> false;
            case Unusable u -> false;
            case Stopped s -> false;
            case Replica r -> false;
        };
    }

    /** For people, in a word. */
    default String word() {
        return switch (this) {
            case Unseen u -> "not seen yet";
            case Absent a -> "absent";
            case Unusable u -> "unusable";
            case Stopped s -> "stopped";
            case Starting s -> "starting";
            case Replica r -> "replica";
            case Primary p -> "primary";
            case Stopping s -> "stopping";
            case Unresponsive u -> "not answering";
        };
    }

    static PostgresView of(LocalMemory local, Optional<RunningTask> task) {
        return task.flatMap(PostgresView::ofTask)
                .orElseGet(
                        () -> local.isOutdated() ? new Unseen() : ofObservation(local.observation(), local.lastSql()));
    }

    /** What was last seen, even if it does not count for deciding any more: for those who only want to know. */
    static PostgresView lastSeen(NodeState state) {
        return state.work()
                .task()
                .flatMap(PostgresView::ofTask)
                .orElseGet(() ->
                        ofObservation(state.local().observation(), state.local().lastSql()));
    }

    private static Optional<PostgresView> ofTask(RunningTask task) {
        return switch (task.spec()) {
            case TaskSpec.StopPostgres s -> Optional.of(new Stopping(task));
            case TaskSpec.StartPrimary s -> Optional.of(new Starting(true));
            case TaskSpec.StartReplica s -> Optional.of(new Starting(false));
            case TaskSpec.InitDb i -> Optional.of(new Absent(false));
            case TaskSpec.BaseBackup b -> Optional.of(new Absent(false));
            case TaskSpec.MoveAside m -> Optional.of(new Absent(false));
            case TaskSpec.PostBootstrap p -> Optional.empty();
            case TaskSpec.Rewind r -> Optional.empty();
            case TaskSpec.PrePromote p -> Optional.empty();
            case TaskSpec.Promote p -> Optional.empty();
            case TaskSpec.Follow f -> Optional.empty();
            case TaskSpec.CarrySlots c -> Optional.empty();
            case TaskSpec.Checkpoint c -> Optional.empty();
        };
    }

    private static PostgresView ofObservation(Observation seen, Optional<Sql> lastSql) {
        if (seen.pid().isPresent()) {
            return seen.sql()
                    .<PostgresView>map(sql -> sql.inRecovery() ? new Replica(sql) : new Primary(sql))
                    .or(() -> lastSql.map(last -> new Unresponsive(last, seen.complaint())))
                    .orElseGet(() -> new Starting(!isReplica(seen)));
        }
        return switch (seen.directory()) {
            case Observation.Directory.Unread u -> new Unseen();
            case Observation.Directory.Absent a -> new Absent(a.restorable());
            case Observation.Directory.Unusable u -> new Unusable(u.why());
            case Observation.Directory.Cluster c -> new Stopped(c.control());
        };
    }

    private static boolean isReplica(Observation seen) {
        return seen.directory() instanceof Observation.Directory.Cluster cluster
                && cluster.control().standbySignal();
    }
}
