package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.address.AddressKeeping;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.OwnRecord;
import pgha.agent.ha.PeerAnswer;
import pgha.agent.lease.WriterAuthority;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/** Does what the machine asks for. */
final class SimActions {
    /** The client's second begins when it has been told to ask, which is after the decision. */
    private static final Duration CANVASS_TIMEOUT = Duration.ofMillis(1001);

    private final World world;
    private final SimNode node;
    private final SimAgent agent;
    private final SimWriter writer;
    private final SimKeeper keeper;
    private final SimTasks tasks;
    private final WriterAuthority authority;
    private final AddressKeeping addresses;
    private Optional<Moment> announcing = Optional.empty();
    private boolean holdsSoon;
    private boolean extendsThen;

    SimActions(World world, SimNode node, SimAgent agent, SimStore store, SimAgent.Parts parts) {
        this.world = world;
        this.node = node;
        this.agent = agent;
        this.writer = new SimWriter(world, node, agent, store);
        this.keeper = parts.keeper();
        this.authority = parts.authority();
        this.addresses = parts.addresses();
        this.tasks = new SimTasks(world, node, agent, authority);
    }

    void take(Action action) {
        switch (action) {
            case Action.AcquireLease a -> keeper.acquire(a.seen());
            case Action.RebindLease a -> keeper.rebind(a);
            case Action.ReleaseLease a -> keeper.release(a);
            case Action.ArmWriter a -> arm(a.under());
            case Action.RetireWriter a -> retireWriter();
            case Action.StartTask a -> tasks.start(a);
            case Action.CancelTask a -> tasks.cancel(a.task());
            case Action.Canvass a -> canvass(a);
            case Action.PublishMember a -> writer.putMember(a);
            case Action.PublishStatus a ->
                writer.write(ActionKey.PUBLISH_STATUS, SimEtcd.TXNS.putStatus(agent.name(), a.status()));
            case Action.PublishHistory a ->
                writer.write(ActionKey.PUBLISH_HISTORY, SimEtcd.TXNS.putHistory(agent.name(), a.history()));
            case Action.PublishSettings a ->
                writer.write(ActionKey.PUBLISH_SETTINGS, SimEtcd.TXNS.putSettings(a.document(), a.expected()));
            case Action.ClaimInitialize a -> writer.claim();
            case Action.CompleteInitialize a ->
                writer.write(ActionKey.COMPLETE_INITIALIZE, SimEtcd.TXNS.completeInitialize(a.id(), a.claimed()));
            case Action.WithdrawInitialize a ->
                writer.write(ActionKey.WITHDRAW_INITIALIZE, SimEtcd.TXNS.withdrawInitialize(a.claimed()));
            case Action.ClearSwitchover a ->
                writer.write(ActionKey.CLEAR_SWITCHOVER, SimEtcd.TXNS.clearSwitchover(a.seen()));
            case Action.BindVip a -> bind(a);
            case Action.HoldVip a -> {
                holdsSoon = true;
                world.after(world.pace().millis(1, 10), () -> agent.run(this::hold));
            }
            case Action.UnbindVip a -> unbind();
            case Action.Checkpoint a -> checkpoint();
            case Action.SyncSlots a -> changeSlots(a);
            case Action.AdvanceSlots a -> advanceSlots(a);
            case Action.PublishFailsafe a ->
                writer.write(
                        ActionKey.PUBLISH_FAILSAFE, SimEtcd.TXNS.putFailsafe(agent.name(), a.lease(), a.members()));
            case Action.AnswerFailsafe a -> agent.answer(a);
            case Action.Answer a -> world.trace().say(node.text(), "answers: " + a.sentence());
            case Action.RunCallback a -> {
                // The operator's program is of no consequence here.
            }
            case Action.WriteSync a ->
                writer.write(
                        ActionKey.WRITE_SYNC, SimEtcd.TXNS.putSync(agent.name(), a.lease(), a.next(), a.expected()));
            case Action.SetSyncNames a -> setSyncNames(a);
            case Action.AcceptCopy a -> acceptCopy();
            case Action.Exit a -> {
                world.trace().say(node.text(), "agent: exits: " + a.sentence());
                node.agentExited(a.code());
            }
        }
    }

    /** What goes on all the time would hide the story. */
    static boolean isTold(Action action) {
        return !(action instanceof Action.PublishMember
                || action instanceof Action.PublishStatus
                || action instanceof Action.SyncSlots
                || action instanceof Action.AdvanceSlots
                || (action instanceof Action.AnswerFailsafe a && a.refusal().isEmpty()));
    }

    private void arm(LeaseId under) {
        world.after(
                world.pace().millis(1, 10),
                () -> agent.run(() -> agent.post(tasks.arm(under)
                        .<Event>map(why -> new Event.Refused(ActionKey.ARM_WRITER, why))
                        .orElseGet(() -> new Event.Completed(ActionKey.ARM_WRITER, Optional.empty())))));
    }

    private void retireWriter() {
        authority.retire();
        agent.completed(ActionKey.RETIRE_WRITER);
    }

    private void changeSlots(Action.SyncSlots order) {
        if (!node.postgres().isRunning()) {
            agent.post(new Event.Refused(ActionKey.SYNC_SLOTS, "the server has ended since"));
            return;
        }
        node.postgres().slots().change(order, node.postgres().wal().end());
        agent.lookNow();
        agent.completed(ActionKey.SYNC_SLOTS);
    }

    private void advanceSlots(Action.AdvanceSlots order) {
        if (!node.postgres().isRunning()) {
            agent.post(new Event.Refused(ActionKey.ADVANCE_SLOTS, "the server has ended since"));
            return;
        }
        node.postgres().slots().advance(order);
        agent.lookNow();
        agent.completed(ActionKey.ADVANCE_SLOTS);
    }

    private void acceptCopy() {
        node.postgres().acceptCopy();
        agent.lookNow();
        agent.completed(ActionKey.ACCEPT_COPY);
    }

    private void checkpoint() {
        int pid = node.postgres().pid();
        node.postgres().disk().after(world.pace().millis(50, 1500), () -> {
            if (node.postgres().pid() == pid && node.postgres().acceptsWrites()) {
                node.postgres().checkpointed();
            }
            agent.run(() -> {
                agent.lookNow();
                agent.completed(ActionKey.CHECKPOINT);
            });
        });
    }

    private void setSyncNames(Action.SetSyncNames order) {
        int pid = node.postgres().pid();
        world.after(
                world.pace().millis(1, 10),
                () -> agent.run(() -> {
                    SimPostgres postgres = node.postgres();
                    if (postgres.pid() != pid || !postgres.isRunning()) {
                        agent.post(new Event.Refused(ActionKey.SET_SYNC_NAMES, "the server has ended since"));
                        return;
                    }
                    postgres.commits().write(order.names());
                    postgres.commits().reload(() -> agent.run(() -> agent.completed(ActionKey.SET_SYNC_NAMES)));
                }));
    }

    // The address

    private void bind(Action.BindVip order) {
        world.after(
                world.pace().millis(1, 10),
                () -> agent.run(() -> {
                    addresses.bind(order);
                    announceInTime();
                }));
    }

    private void hold() {
        world.invariants().holdsWithoutTerm(node);
        holdsSoon = false;
        addresses.hold();
        if (extendsThen) {
            extendsThen = false;
            addresses.extend();
        }
        announceInTime();
    }

    /** The term was prolonged. As in production's queue, that does not overtake what was ordered before. */
    void extend() {
        if (holdsSoon) {
            extendsThen = true;
        } else {
            addresses.extend();
            announceInTime();
        }
    }

    /** As the thread of production, which waits for the time of the next announcement. */
    private void announceInTime() {
        Optional<Moment> next = addresses.announceAt().filter(at -> !announcing.equals(Optional.of(at)));
        announcing = addresses.announceAt();
        next.ifPresent(at -> world.at(
                node.clock().whenItShows(at),
                () -> agent.run(() -> {
                    announcing = Optional.empty();
                    addresses.announceIfDue();
                    announceInTime();
                })));
    }

    private void unbind() {
        Duration busy = world.pace().percent(5)
                ? world.pace().millis(100, 800)
                : world.pace().millis(1, 10);
        world.after(busy, () -> agent.run(addresses::unbind));
    }

    // Peers

    private void canvass(Action.Canvass order) {
        SortedSet<MemberName> open = new TreeSet<>();
        order.peers().forEach(peer -> open.add(peer.name()));
        if (open.isEmpty()) {
            agent.completed(ActionKey.CANVASS);
        }
        for (Action.Peer peer : order.peers()) {
            String there = peer.name().value();
            world.network().send(node.text(), there, () -> world.node(there)
                    .flatMap(SimActions::answer)
                    .ifPresent(answer -> world.network()
                            .send(there, node.text(), () -> agent.run(() -> heard(order, open, answer)))));
            world.after(
                    CANVASS_TIMEOUT,
                    () -> agent.run(() -> heard(order, open, new PeerAnswer.Silent(peer.name(), "no answer in 1s"))));
        }
    }

    private void heard(Action.Canvass order, SortedSet<MemberName> open, PeerAnswer answer) {
        if (open.remove(answer.name())) {
            agent.post(new Event.PeersAnswered(order.round(), List.of(answer)));
            if (open.isEmpty()) {
                agent.completed(ActionKey.CANVASS);
            }
        }
    }

    /** What a host answers; a frozen agent's port accepts and says nothing. */
    private static Optional<PeerAnswer> answer(SimNode peer) {
        MemberName name = peer.config().name();
        if (peer.agent().isEmpty()) {
            return Optional.of(new PeerAnswer.Silent(name, "connection refused"));
        }
        if (peer.agent().get().isFrozen()) {
            return Optional.empty();
        }
        NodeState state = peer.agent().get().state();
        Optional<Sql> sql = state.local().observation().sql();
        return Optional.of(new PeerAnswer.Spoke(
                name,
                OwnRecord.mayWrite(state),
                sql.map(Sql::position),
                OwnRecord.isComplete(state),
                sql.map(Sql::timeline),
                Optional.of(state.local().lookedAt().until(peer.clock().now())),
                !OwnRecord.tags(state, peer.clock().now()).noFailover(),
                state.config().tags().failoverPriority()));
    }
}
