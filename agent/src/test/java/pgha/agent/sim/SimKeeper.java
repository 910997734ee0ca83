package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.helpers.NOPLogger;
import pgha.agent.ha.Action;
import pgha.agent.ha.Timings;
import pgha.agent.ha.Vouch;
import pgha.agent.lease.LeaseCalls;
import pgha.agent.lease.LeaseKeeping;
import pgha.agent.lease.Terms;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;

/** Stands in for the keeper's thread: the real rules, over a network on which answers take their time or get lost. */
final class SimKeeper implements LeaseCalls {
    private final World world;
    private final SimNode node;
    private final SimAgent agent;
    private final SimStore store;
    private final LeaseKeeping keeping;
    private Optional<Vouch> vouch = Optional.empty();
    private final List<LeaseId> doubtful = new ArrayList<>();
    private boolean taking;
    private long planned;

    SimKeeper(World world, SimNode node, SimAgent agent, SimStore store, Terms terms) {
        this.world = world;
        this.node = node;
        this.agent = agent;
        this.store = store;
        this.keeping = new LeaseKeeping(
                this,
                new LeaseKeeping.Surroundings(
                        terms,
                        node.clock()::now,
                        agent::post,
                        () -> Timings.of(agent.settings()),
                        () -> vouch,
                        NOPLogger.NOP_LOGGER));
    }

    void acquire(Revision seen) {
        world.promises().stands(node, agent);
        world.promises().acquires(node, agent);
        keeping.acquire(seen);
        plan();
    }

    void rebind(Action.RebindLease order) {
        keeping.rebind(order);
        plan();
    }

    void release(Action.ReleaseLease order) {
        keeping.release(order);
        plan();
    }

    void vouch(Optional<Vouch> word) {
        vouch = word;
    }

    /** It looks again when it wants to. */
    private void plan() {
        long mine = ++planned;
        keeping.lookAt()
                .ifPresent(at -> world.at(
                        node.clock().whenItShows(at),
                        () -> agent.run(() -> {
                            if (mine == planned) {
                                keeping.look();
                                plan();
                            }
                        })));
    }

    private <T> Consumer<DcsReply<T>> thenPlan(Consumer<DcsReply<T>> answer) {
        return reply -> {
            answer.accept(reply);
            plan();
        };
    }

    @Override
    public void grant(Duration ttl, Duration timeout, Consumer<DcsReply<Grant>> answer) {
        store.call(timeout, s -> s.grant(ttl, world.now()), thenPlan(answer));
    }

    @Override
    public void renew(LeaseId lease, Duration timeout, Consumer<DcsReply<Duration>> answer) {
        world.invariants().renews(node, agent);
        store.renew(lease, timeout, thenPlan(answer));
    }

    @Override
    public void revoke(LeaseId lease, Duration timeout, Consumer<DcsReply<Boolean>> answer) {
        store.call(timeout, s -> s.revoke(lease), thenPlan(reply -> {
            if (!(reply instanceof DcsReply.NoAnswer<Boolean>)) {
                doubtful.remove(lease);
            }
            answer.accept(reply);
        }));
    }

    @Override
    public void take(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer) {
        world.promises().takes(node, doubtful);
        taking = true;
        if (node.losesAnswerToTaking()) {
            store.loseNextAnswer();
        }
        store.call(
                timeout,
                s -> {
                    Optional<ClusterStatus> known = world.etcd().view().status();
                    DcsReply<Revision> reply = s.apply(SimEtcd.TXNS.takeLeaderKey(agent.name(), lease, seen));
                    if (reply instanceof DcsReply.Done<Revision> && known.isPresent()) {
                        world.invariants().stands(node, agent, known.get());
                    }
                    return reply;
                },
                thenPlan(reply -> {
                    taking = false;
                    if (reply instanceof DcsReply.NoAnswer<Revision>) {
                        doubtful.add(lease);
                    }
                    answer.accept(reply);
                }));
    }

    /** An attempt on the leader key is under way. */
    boolean isTaking() {
        return taking;
    }

    @Override
    public void rebind(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer) {
        if (node.losesAnswerToTaking()) {
            store.loseNextAnswer();
        }
        store.call(timeout, s -> s.apply(SimEtcd.TXNS.rebindLeaderKey(agent.name(), lease, seen)), thenPlan(reply -> {
            if (reply instanceof DcsReply.Done<Revision>) {
                // What was in doubt is seen: the key is ours.
                doubtful.clear();
            }
            answer.accept(reply);
        }));
    }

    @Override
    public void askMembers(
            SortedMap<MemberName, String> members, Duration ttl, Duration timeout, Consumer<Optional<String>> answer) {
        world.words().asks(node, agent, new TreeSet<>(members.keySet()));
        new SimFailsafe(world, node, agent).ask(members.keySet(), ttl, timeout, refusal -> {
            answer.accept(refusal);
            plan();
        });
    }

    @Override
    public void release(
            LeaseId lease, Optional<ClusterStatus> last, Duration timeout, Consumer<DcsReply<Revision>> answer) {
        store.call(
                timeout,
                s -> {
                    world.invariants().released(node, lease);
                    return s.apply(SimEtcd.TXNS.releaseLeaderKey(agent.name(), lease, last));
                },
                thenPlan(answer));
    }
}
