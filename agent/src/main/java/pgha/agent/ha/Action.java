package pgha.agent.ha;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.TimelineHistory;

/** Every effect that the core can ask for. Immutable; executed elsewhere, answered by an {@link Event}. */
public sealed interface Action {
    /** Grant a lease and take the leader key with it, if nobody has it, nor has led since {@code seen}. */
    record AcquireLease(Revision seen) implements Action {}

    /**
     * Grant a lease and put our leader key, last written at {@code seen}, under it: one that is not over before
     * {@code serving}, the lease of the term that we count on.
     */
    record RebindLease(Revision seen, Optional<LeaseId> serving) implements Action {}

    /** Give up the leader key and revoke its lease; {@code last} goes into the status. */
    record ReleaseLease(LeaseId lease, Optional<Lsn> last) implements Action {}

    /** A primary runs that nobody watches: fence and guard are to stop it when this lease ends. */
    record ArmWriter(LeaseId under) implements Action {}

    /** The writer is known to be stopped, or nobody minds that it writes: fence and guard stand down. */
    record RetireWriter() implements Action {}

    /** Begin a long operation; ends with {@link Event.TaskFinished} under the same id. */
    record StartTask(TaskId id, TaskSpec task) implements Action {}

    record CancelTask(TaskId task, Reason why) implements Action {}

    /** Ask these members where they are. */
    record Canvass(CanvassId round, List<Peer> peers) implements Action {
        public Canvass {
            peers = List.copyOf(peers);
        }
    }

    /** Whom to ask, and where. */
    record Peer(MemberName name, String apiUrl) {}

    record PublishMember(Member member) implements Action {}

    record PublishStatus(ClusterStatus status) implements Action {}

    record PublishHistory(TimelineHistory history) implements Action {}

    /** Write the settings document, if nobody has since {@code expected}. */
    record PublishSettings(String document, Revision expected) implements Action {}

    record ClaimInitialize() implements Action {}

    record CompleteInitialize(SystemIdentifier id, Optional<Revision> claimed) implements Action {}

    record WithdrawInitialize(Revision claimed) implements Action {}

    record ClearSwitchover(Revision seen) implements Action {}

    /**
     * Bind the address, for as long as the lease lasts.
     *
     * @param toWriter whether it leads to a server that writes, and goes as soon as nobody watches over that any more
     */
    record BindVip(LeaseId under, boolean toWriter) implements Action {}

    /** Keep the address on this host without a lifetime, while fencing is off. */
    record HoldVip() implements Action {}

    record UnbindVip() implements Action {}

    /** Take a checkpoint beside serving, so that others can rewind against us. */
    record Checkpoint() implements Action {}

    /** Create and drop slots on this node: physical ones, and on a primary logical ones. */
    record SyncSlots(SortedSet<String> create, SortedMap<String, LogicalSlot> createLogical, SortedSet<String> drop)
            implements Action {
        public SyncSlots {
            createLogical = Collections.unmodifiableSortedMap(new TreeMap<>(createLogical));
        }
    }

    /** Move slots of a replica after the leader's, by their names. */
    record AdvanceSlots(SortedMap<String, Advance> slots) implements Action {
        public AdvanceSlots {
            slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
        }
    }

    /** How far a slot may go, and of a logical one the database where that has to be asked for. */
    record Advance(Optional<String> database, Lsn to) {}

    /** Write down who has to be asked by a leader that the store does not answer. */
    record PublishFailsafe(LeaseId lease, SortedMap<MemberName, String> members) implements Action {}

    /** Tell a leader that the store does not answer whether it may go on. */
    record AnswerFailsafe(FailsafeMemory.Question question, Optional<String> refusal) implements Action {}

    /** Tell a client what has become of an order. */
    record Answer(OrderId id, boolean good, String sentence) implements Action {}

    /** Write the synchronous state, or take it away, if nobody has written it since {@code expected}. */
    record WriteSync(LeaseId lease, Optional<SyncState> next, Revision expected) implements Action {}

    /** Have the running server's commits wait for these; empty for whom the settings name. */
    record SetSyncNames(Optional<SyncNames> names) implements Action {}

    /** The clone or restored backup that lies here counts like any other copy from now on. */
    record AcceptCopy() implements Action {}

    /** Tell the operator's program what has become of the server; nobody waits for it. */
    record RunCallback(Callback callback, Role role) implements Action {}

    /** End the process. */
    record Exit(ExitCode code, String sentence) implements Action {}

    /** The kind under which it is in flight; empty for what is done when it is said. */
    default Optional<ActionKey> key() {
        return Optional.ofNullable(
                switch (this) {
                    case AcquireLease a -> ActionKey.ACQUIRE;
                    case RebindLease a -> ActionKey.ACQUIRE;
                    case ReleaseLease a -> ActionKey.RELEASE;
                    case ArmWriter a -> ActionKey.ARM_WRITER;
                    case RetireWriter a -> ActionKey.RETIRE_WRITER;
                    case Canvass a -> ActionKey.CANVASS;
                    case PublishMember a -> ActionKey.PUBLISH_MEMBER;
                    case PublishStatus a -> ActionKey.PUBLISH_STATUS;
                    case PublishHistory a -> ActionKey.PUBLISH_HISTORY;
                    case PublishSettings a -> ActionKey.PUBLISH_SETTINGS;
                    case ClaimInitialize a -> ActionKey.CLAIM_INITIALIZE;
                    case CompleteInitialize a -> ActionKey.COMPLETE_INITIALIZE;
                    case WithdrawInitialize a -> ActionKey.WITHDRAW_INITIALIZE;
                    case ClearSwitchover a -> ActionKey.CLEAR_SWITCHOVER;
                    case BindVip a -> ActionKey.BIND_VIP;
                    case HoldVip a -> ActionKey.BIND_VIP;
                    case UnbindVip a -> ActionKey.UNBIND_VIP;
                    case SyncSlots a -> ActionKey.SYNC_SLOTS;
                    case AdvanceSlots a -> ActionKey.ADVANCE_SLOTS;
                    case Checkpoint a -> ActionKey.CHECKPOINT;
                    case WriteSync a -> ActionKey.WRITE_SYNC;
                    case SetSyncNames a -> ActionKey.SET_SYNC_NAMES;
                    case AcceptCopy a -> ActionKey.ACCEPT_COPY;
                    case StartTask a -> null;
                    case CancelTask a -> null;
                    case PublishFailsafe a -> ActionKey.PUBLISH_FAILSAFE;
                    case AnswerFailsafe a -> null;
                    case Answer a -> null;
                    case RunCallback a -> null;
                    case Exit a -> null;
                });
    }

    /** For logs and scenarios: {@code StartTask StopPostgres(fast)}. */
    default String brief() {
        return switch (this) {
            case StartTask a -> a.task().brief();
            case CancelTask a -> "CancelTask(" + a.why() + ")";
            case Canvass a ->
                "Canvass("
                        + String.join(
                                ",",
                                a.peers().stream().map(p -> p.name().value()).toList()) + ")";
            case SyncSlots a -> "SyncSlots(+" + a.create() + a.createLogical().keySet() + " -" + a.drop() + ")";
            case AdvanceSlots a -> "AdvanceSlots(" + a.slots().keySet() + ")";
            case AnswerFailsafe a -> "AnswerFailsafe(" + a.refusal().orElse("accepted") + ")";
            case Answer a -> "Answer(" + a.sentence() + ")";
            case WriteSync a ->
                "WriteSync("
                        + a.next()
                                .map(sync -> sync.leader() + ": " + Canvassing.names(sync.voters()))
                                .orElse("none") + ")";
            case SetSyncNames a ->
                "SetSyncNames(" + a.names().map(SyncNames::inWords).orElse("as configured") + ")";
            case RunCallback a ->
                "RunCallback(" + a.callback().word() + " " + a.role().word() + ")";
            case Exit a -> "Exit(" + a.code() + ")";
            default -> getClass().getSimpleName();
        };
    }
}
