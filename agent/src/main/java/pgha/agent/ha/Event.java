package pgha.agent.ha;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** Everything that can happen to a node. Immutable; the only input of {@link HaMachine}. */
public sealed interface Event {
    /** The store told us all keys at one revision; so the link is up. */
    record ViewChanged(ClusterView view) implements Event {}

    /** The store cannot be followed any more; the last view grows old. */
    record LinkLost(String cause) implements Event {}

    /** The leader key is ours, under a lease of ours, since {@code revision}. */
    record LeaseAcquired(LeaseTerm term, Revision revision) implements Event {}

    /** The store said no: somebody else was first, or the key changed under us. */
    record LeaseRefused(String why) implements Event {}

    /** The lease was prolonged. */
    record LeaseRenewed(LeaseTerm term) implements Event {}

    /** The store says that this lease does not exist. */
    record LeaseGone(LeaseId lease) implements Event {}

    /** An action is done; where it wrote to the store, {@code revision} is that of the write. */
    record Completed(ActionKey key, Optional<Revision> revision) implements Event {}

    /** An action certainly did not happen. */
    record Refused(ActionKey key, String why) implements Event {}

    /** Nobody knows whether an action happened (law C5). */
    record Unanswered(ActionKey key, String why) implements Event {}

    /**
     * PostgreSQL as it was seen.
     *
     * @param lookedAt when the look began: what was seen before a task ended says nothing about after
     */
    record PostgresObserved(Observation observation, Moment lookedAt) implements Event {}

    /** The postmaster is gone. Comes before any observation of it. */
    record PostmasterExited(int pid) implements Event {}

    /** A running primary was found at start; whatever guards it will stop it at {@code fenceAt}. */
    record WriterAdopted(Moment fenceAt) implements Event {}

    /** Some or all of those canvassed have answered, or their time is over. Cumulative within a round. */
    record PeersAnswered(CanvassId round, List<PeerAnswer> answers) implements Event {}

    /** A task got somewhere. */
    record TaskProgressed(TaskId task, Progress progress) implements Event {}

    /** A task ended; exactly one for each that was started. */
    record TaskFinished(TaskId task, Outcome outcome) implements Event {}

    /** What the kernel says about our addresses. */
    record VipObserved(VipState vip) implements Event {}

    /** Why this node must not lead, for want of the watchdog that it requires; empty if it may. */
    record WatchdogChecked(Optional<String> failure) implements Event {}

    /** A leader that the store does not answer asks whether we let it go on. */
    record FailsafeAsked(FailsafeMemory.Question question) implements Event {}

    /** We asked the members to let us go on, and not all of them did. */
    record FailsafeRefused(String why) implements Event {}

    /** This node's file was read again. */
    record NodeConfigChanged(NodeConfig config) implements Event {}

    /** SIGTERM: hand over, stop, leave. */
    record StopRequested() implements Event {}

    /** Leave PostgreSQL, its address and the leader key as they are, for the next agent. */
    record DetachRequested() implements Event {}

    /** An operator wants something of this node; exactly one {@link Action.Answer} follows, sooner or later. */
    record Ordered(OrderId id, Order order) implements Event {}

    /** An operator wants this server restarted at a time of day; answered like an order. */
    record RestartPlanned(OrderId id, String at, Order.Restart demands) implements Event {}

    /** An operator wants that no more; answered like an order. */
    record RestartUnplanned(OrderId id) implements Event {}

    /** Which moment of this host's boot clock each of these times of day is; empty if it is no time. */
    record TimesRead(SortedMap<String, Optional<Moment>> times) implements Event {}

    /** Nothing happened: look again. */
    record TimerFired() implements Event {}
}
