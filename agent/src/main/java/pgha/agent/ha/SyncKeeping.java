package pgha.agent.ha;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SynchronousMode;

/** What a primary does to keep acknowledged commits on others: asks {@link SyncQuorum}, one step at a time. Pure. */
final class SyncKeeping {
    private SyncKeeping() {}

    /** Beside serving; at most one action, and none while another is under way, since each rests on the one before. */
    static List<Action> upkeep(Situation s, Sql sql, LeaseId lease) {
        SyncMemory memory = s.state().synchrony();
        boolean busy = s.isInFlight(ActionKey.WRITE_SYNC) || s.isInFlight(ActionKey.SET_SYNC_NAMES);
        if (busy || memory.seen().isEmpty() || s.task().isPresent()) {
            return List.of();
        }
        return s.settings().synchronousMode() == SynchronousMode.OFF
                ? ending(s, sql, lease)
                : List.copyOf(keeping(s, sql, lease));
    }

    private static List<Action> keeping(Situation s, Sql sql, LeaseId lease) {
        return switch (SyncQuorum.next(facts(s, sql))) {
            case SyncQuorum.Step.Write write ->
                List.of(new Action.WriteSync(lease, Optional.of(write.next()), revision(s)));
            case SyncQuorum.Step.Give give -> List.of(new Action.SetSyncNames(Optional.of(give.names())));
            case SyncQuorum.Step.Nothing nothing -> List.of();
        };
    }

    private static SyncQuorum.Facts facts(Situation s, Sql sql) {
        SyncMemory memory = s.state().synchrony();
        SyncCandidates candidates = SyncCandidates.of(s, sql);
        return new SyncQuorum.Facts(
                s.self().name(),
                s.view().sync(),
                memory.written().filter(revision(s)::equals).isPresent(),
                SyncNames.parse(sql.synchrony().names()),
                memory.ordered(),
                wanted(s, candidates),
                candidates.confirmed(memory.seen().flatMap(SyncMemory.Seen::mark)),
                FreshCopy.among(s, voters(s)));
    }

    private static SortedSet<MemberName> voters(Situation s) {
        return s.view().sync().map(SyncState::voters).orElseGet(Collections::emptySortedSet);
    }

    private static SyncQuorum.Wanted wanted(Situation s, SyncCandidates candidates) {
        int count = s.settings().synchronousNodeCount();
        boolean any = s.settings().synchronousMode() == SynchronousMode.QUORUM;
        return new SyncQuorum.Wanted(
                any ? candidates.enough(count) : candidates.best(count),
                count,
                any,
                s.settings().synchronousModeStrict() || (any && mayComeBack(s)));
    }

    /**
     * With many to choose from a new leader goes on as the one before, and leaves those who have to find it some time:
     * members that are up, but not for ever.
     */
    private static boolean mayComeBack(Situation s) {
        boolean fresh = s.state()
                .synchrony()
                .seen()
                .filter(seen -> s.now().isBefore(seen.since().plus(s.settings().loopWait())))
                .isPresent();
        return fresh
                && s.view().sync().stream()
                        .flatMap(sync -> sync.voters().stream())
                        .flatMap(name -> s.view().member(name).stream())
                        .anyMatch(member -> !member.tags().noSync());
    }

    /** The mode is off: nobody may rely on the store any more, and then the names are the user's own again. */
    private static List<Action> ending(Situation s, Sql sql, LeaseId lease) {
        if (s.view().sync().isPresent()) {
            return List.of(new Action.WriteSync(lease, Optional.empty(), revision(s)));
        }
        return sql.synchrony().ours() ? List.of(new Action.SetSyncNames(Optional.empty())) : List.of();
    }

    private static Revision revision(Situation s) {
        return s.view().sync().map(SyncState::revision).orElse(Revision.ZERO);
    }
}
