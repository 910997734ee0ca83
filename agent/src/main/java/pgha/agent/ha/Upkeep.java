package pgha.agent.ha;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.Unknown;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.TimelineHistory;

/** What goes on beside every decision: telling the others, and keeping in order what a leader keeps. Pure. */
final class Upkeep {
    private static final Duration SOONEST = Duration.ofSeconds(1);

    private Upkeep() {}

    static List<Action> actions(Situation s, Leadership leadership, Decision decision) {
        List<Action> actions = new ArrayList<>(s.state().work().errands().answers());
        actions.addAll(s.state().scripts().due());
        if (decision.actions().stream().anyMatch(Action.Exit.class::isInstance)) {
            return actions;
        }
        staleGuard(s, decision).ifPresent(actions::add);
        staleAddress(s, leadership, decision).ifPresent(actions::add);
        if (!s.state().cluster().linkUp()) {
            return actions;
        }
        memberRecord(s).ifPresent(actions::add);
        FreshCopy.acceptance(s).ifPresent(actions::add);
        if (leadership instanceof Leadership.HeldByOther) {
            // Somebody leads a cluster that the store had forgotten: our claim would keep it from saying so.
            actions.addAll(Bootstrap.withdrawal(s));
        }
        if (s.postgres() instanceof PostgresView.Replica replica) {
            MemberSlots.upkeep(s, replica.sql()).ifPresent(actions::add);
            KeptSlots.advance(s, replica.sql()).ifPresent(actions::add);
        }
        if (leadership instanceof Held held && s.postgres() instanceof PostgresView.Primary primary) {
            actions.addAll(ofLeader(s, primary.sql(), held.term()));
        }
        if (leadership instanceof Held
                && s.state().leadsStandbyCluster()
                && s.postgres() instanceof PostgresView.Replica replica) {
            actions.addAll(ofStandbyLeader(s, replica.sql()));
        }
        return actions;
    }

    /**
     * Armed over a server that is down: it would strike at the replica that is started next. One that runs as a replica
     * may have been told to promote, and stays under guard; in pause fencing is off.
     */
    private static Optional<Action> staleGuard(Situation s, Decision decision) {
        boolean replicaInPause = s.settings().paused() && s.foundReplicaWithoutTerm();
        boolean down = replicaInPause
                || s.postgres() instanceof PostgresView.Stopped
                || s.postgres() instanceof PostgresView.Absent;
        boolean armsAnew = decision.task().filter(TaskSpec::makesWriter).isPresent();
        return down && s.tenure().armed() && s.task().isEmpty() && !armsAnew && !decision.retires()
                ? Optional.of(new Action.RetireWriter())
                : Optional.empty();
    }

    /** An address that is bound although we do not lead: left by somebody, or by ourselves before a restart. */
    private static Optional<Action> staleAddress(Situation s, Leadership leadership, Decision decision) {
        // While PostgreSQL stops, the address stays until clients have been told: SteppingDown takes it away.
        boolean stopping = s.postgres() instanceof PostgresView.Stopping
                || decision.task()
                        .filter(TaskSpec.StopPostgres.class::isInstance)
                        .isPresent();
        // Before the first look an address may belong to a primary that serves: see leading/agent-killed-and-back.txt.
        boolean unseen = s.postgres() instanceof PostgresView.Unseen;
        if (!s.vipMayBeBound() || stopping || unseen || s.settings().paused()) {
            return Optional.empty();
        }
        boolean ours =
                switch (leadership) {
                    case Held held -> true;
                    case Unknown unknown -> s.now().isBefore(s.tenure().servesUntil());
                    case Leadership.Vacant vacant -> s.postgres().mayWrite();
                    case Leadership.HeldByOther other -> s.postgres().mayWrite();
                };
        return ours ? Optional.empty() : Optional.of(new Action.UnbindVip());
    }

    private static Optional<Action> memberRecord(Situation s) {
        if (s.state().namesake().isPresent()
                || s.state().local().observation().directory() instanceof Observation.Directory.Unread) {
            return Optional.empty();
        }
        Member wanted = OwnRecord.of(s);
        Optional<Member> written = s.view().member(s.self().name());
        if (written.filter(wanted::equals).isPresent()) {
            return Optional.empty();
        }
        boolean onlyMoved = written.map(OwnRecord::withoutPositions)
                .filter(OwnRecord.withoutPositions(wanted)::equals)
                .isPresent();
        Duration pause = onlyMoved ? s.settings().loopWait() : Duration.ZERO;
        boolean due = !s.now().isBefore(s.state().published().memberAt().plus(pause));
        return due ? Optional.of(new Action.PublishMember(wanted)) : Optional.empty();
    }

    private static List<Action> ofLeader(Situation s, Sql sql, LeaseTerm term) {
        List<Action> actions = new ArrayList<>();
        if (s.state().genesis().isUnderWay()) {
            // Nobody is to clone or to use half a cluster, whatever became of the claim on it.
            return actions;
        }
        if (s.view().initialize() instanceof InitializeKey.Claimed) {
            return actions;
        }
        identity(s).ifPresent(actions::add);
        if (s.view().settings().isEmpty()) {
            actions.add(new Action.PublishSettings(lastKnownSettings(s), Revision.ZERO));
        }
        SwitchoverRules.doneWith(s).ifPresent(seen -> actions.add(new Action.ClearSwitchover(seen)));
        history(s, sql).ifPresent(actions::add);
        status(s, sql).ifPresent(actions::add);
        MemberSlots.upkeep(s, sql).ifPresent(actions::add);
        Failsafe.upkeep(s, term).ifPresent(actions::add);
        actions.addAll(SyncKeeping.upkeep(s, sql, term.lease()));
        if (sql.checkpointTimeline().isBehind(sql.timeline())) {
            actions.add(new Action.Checkpoint());
        }
        return actions;
    }

    private static Optional<Action> identity(Situation s) {
        return s.view().initialize() instanceof InitializeKey.Absent
                ? s.state()
                        .local()
                        .observation()
                        .systemIdentifier()
                        .map(id -> new Action.CompleteInitialize(id, Optional.empty()))
                : Optional.empty();
    }

    /** What a leader keeps in order that writes nothing; the timelines and their history are the remote's. */
    private static List<Action> ofStandbyLeader(Situation s, Sql sql) {
        List<Action> actions = new ArrayList<>();
        identity(s).ifPresent(actions::add);
        SwitchoverRules.doneWith(s).ifPresent(seen -> actions.add(new Action.ClearSwitchover(seen)));
        status(s, sql).ifPresent(actions::add);
        return actions;
    }

    private static String lastKnownSettings(Situation s) {
        boolean seen = s.settings().revision().isAfter(Revision.ZERO);
        return seen
                ? s.settings().document()
                : s.self().cachedSettings().orElse(s.self().bootstrapSettings());
    }

    /** Not before all is known that was written before we took the key: it is not to be written over. */
    private static Optional<Action> history(Situation s, Sql sql) {
        if (!s.state().cluster().isComplete()) {
            return Optional.empty();
        }
        Optional<TimelineHistory> merged = sql.history()
                .map(file -> Histories.merge(
                        file,
                        sql.timeline(),
                        s.view().history().orElse(TimelineHistory.EMPTY),
                        s.self().name(),
                        s.settings()));
        return merged.filter(history -> !s.view().history().equals(Optional.of(history)))
                .map(Action.PublishHistory::new);
    }

    /** At least every loop_wait, and sooner when the position has moved far: candidates are measured against it. */
    private static Optional<Action> status(Situation s, Sql sql) {
        ClusterStatus status = statusOf(
                s, sql, sql.inRecovery() ? sql.position() : sql.flushed().orElse(Lsn.ZERO));
        Optional<ClusterStatus> known = s.view().status();
        if (known.filter(status::equals).isPresent()) {
            return Optional.empty();
        }
        ByteCount much = new ByteCount(s.settings().maximumLagOnFailover().value() / 2);
        boolean far = known.map(
                        before -> status.lastLsn().minus(before.lastLsn()).exceeds(much))
                .orElse(true);
        Duration pause = far ? SOONEST : s.settings().loopWait();
        Moment due = s.state().published().statusAt().plus(pause);
        return s.now().isBefore(due) ? Optional.empty() : Optional.of(new Action.PublishStatus(status));
    }

    private static ClusterStatus statusOf(Situation s, Sql sql, Lsn flushed) {
        java.util.SortedMap<String, Lsn> positions = new java.util.TreeMap<>();
        sql.slots().stream().filter(slot -> !slot.failsOver()).forEach(slot -> slot.position()
                .ifPresent(lsn -> positions.put(slot.name(), lsn)));
        List<String> ofOthers = List.copyOf(positions.keySet());
        // The one that the others keep for us.
        positions.put(s.self().name().slotName(), flushed);
        return new ClusterStatus(flushed, positions, ofOthers);
    }
}
