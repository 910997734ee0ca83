package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Timings;
import pgha.agent.ha.Vouch;
import pgha.agent.lease.Publishing;
import pgha.agent.lease.RenewalRule;
import pgha.agent.lease.Terms;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.MemoryStore;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** The steps of the lease keeper without its thread: one order or renewal at a time, terms counted from sending. */
final class SimKeeper {
    private static final Duration AGAIN = Duration.ofMillis(10);

    private final World world;
    private final SimNode node;
    private final SimAgent agent;
    private final SimStore store;
    private final Terms terms;
    private final Deque<Runnable> orders = new ArrayDeque<>();
    private boolean busy;
    private boolean late;
    private Optional<Vouch> vouch = Optional.empty();
    private Optional<LeaseTerm> held = Optional.empty();
    private Optional<LeaseId> doubtful = Optional.empty();

    SimKeeper(World world, SimNode node, SimAgent agent, SimStore store, Terms terms) {
        this.world = world;
        this.node = node;
        this.agent = agent;
        this.store = store;
        this.terms = terms;
    }

    void acquire() {
        order(this::acquireNow);
    }

    void rebind(Revision seen) {
        order(() -> granted(lease -> s -> s.apply(SimEtcd.TXNS.rebindLeaderKey(agent.name(), lease, seen)), doubtful));
    }

    void release(Action.ReleaseLease order) {
        order(() -> releaseNow(order));
    }

    void vouch(Optional<Vouch> word) {
        vouch = word;
    }

    private Timing timing() {
        return Timings.of(agent.settings());
    }

    private Moment now() {
        return node.clock().now();
    }

    private void order(Runnable order) {
        orders.add(order);
        next();
    }

    private void next() {
        if (!busy && !orders.isEmpty()) {
            busy = true;
            orders.remove().run();
        } else if (!busy) {
            awaitRenewal();
        }
    }

    private void done() {
        busy = false;
        next();
    }

    /** Looks when a renewal is due, and then until it is vouched for or there is nothing to renew. */
    private void awaitRenewal() {
        held.ifPresent(term -> {
            Moment due = term.sentAt().plus(term.timing().renewEvery());
            Moment look = late || due.isBefore(now()) ? now().plus(AGAIN) : due;
            world.at(
                    node.clock().whenItShows(look),
                    () -> agent.run(() -> {
                        if (!busy && held.equals(Optional.of(term))) {
                            renewIfDue(term);
                        }
                    }));
        });
    }

    private void renewIfDue(LeaseTerm term) {
        Moment sentAt = now();
        if (!RenewalRule.isDue(term, vouch, sentAt)) {
            if (term.serves(sentAt)) {
                awaitRenewal();
            }
            return;
        }
        busy = true;
        store.call(term.timing().requestTimeout(), s -> s.renew(term.lease(), world.now()), reply -> {
            switch (reply) {
                case Done<Duration> renewed -> {
                    late = false;
                    publish(new LeaseTerm(term.lease(), sentAt, term.ttl(), term.timing()), Event.LeaseRenewed::new);
                }
                case Refused<Duration> gone -> {
                    held = Optional.empty();
                    agent.post(new Event.LeaseGone(term.lease()));
                }
                case NoAnswer<Duration> none -> late = true;
            }
            done();
        });
    }

    private void publish(LeaseTerm term, Function<LeaseTerm, Event> event) {
        held = Optional.of(term);
        node.covered(term);
        Publishing.publish(terms, term);
        agent.post(event.apply(term));
    }

    private void acquireNow() {
        if (doubtful.isEmpty()) {
            take();
            return;
        }
        store.call(timing().requestTimeout(), s -> s.revoke(doubtful.get()), reply -> {
            if (reply instanceof NoAnswer<Boolean>) {
                unanswered("an earlier attempt is still in doubt");
            } else {
                doubtful = Optional.empty();
                take();
            }
        });
    }

    private void take() {
        granted(lease -> s -> s.apply(SimEtcd.TXNS.takeLeaderKey(agent.name(), lease)), Optional.empty());
    }

    private interface Taking extends Function<LeaseId, Function<MemoryStore, DcsReply<Revision>>> {}

    private void granted(Taking taking, Optional<LeaseId> before) {
        Timing present = timing();
        held = Optional.empty();
        late = false;
        Moment sentAt = now();
        store.<Grant>call(present.requestTimeout(), s -> s.grant(present.ttl(), world.now()), reply -> {
            switch (reply) {
                case Done<Grant> grant ->
                    take(taking, before, new LeaseTerm(grant.value().lease(), sentAt, present.ttl(), present));
                case Refused<Grant> no -> {
                    agent.post(new Event.LeaseRefused(no.reason()));
                    done();
                }
                case NoAnswer<Grant> none -> unanswered(none.cause());
            }
        });
    }

    private void take(Taking taking, Optional<LeaseId> before, LeaseTerm term) {
        if (node.losesAnswerToTaking()) {
            store.loseNextAnswer();
        }
        store.call(timing().requestTimeout(), taking.apply(term.lease()), reply -> {
            switch (reply) {
                case Done<Revision> done -> {
                    doubtful = Optional.empty();
                    publish(term, t -> new Event.LeaseAcquired(t, done.value()));
                    before.ifPresent(this::revoke);
                    done();
                }
                case Refused<Revision> no -> {
                    agent.post(new Event.LeaseRefused(no.reason()));
                    revoke(term.lease());
                    done();
                }
                case NoAnswer<Revision> none -> {
                    doubtful = Optional.of(term.lease());
                    unanswered(none.cause());
                }
            }
        });
    }

    private void revoke(LeaseId lease) {
        store.call(timing().requestTimeout(), s -> s.revoke(lease), reply -> {});
    }

    private void unanswered(String cause) {
        agent.post(new Event.Unanswered(ActionKey.ACQUIRE, cause));
        done();
    }

    private void releaseNow(Action.ReleaseLease order) {
        held = Optional.empty();
        late = false;
        Optional<ClusterStatus> last = order.last().map(ClusterStatus::at);
        store.call(
                timing().requestTimeout(),
                s -> {
                    world.invariants().released(node, order.lease());
                    return s.apply(SimEtcd.TXNS.releaseLeaderKey(agent.name(), order.lease(), last));
                },
                reply -> {
                    agent.post(
                            switch (reply) {
                                case Done<Revision> done ->
                                    new Event.Completed(ActionKey.RELEASE, Optional.of(done.value()));
                                case Refused<Revision> no -> new Event.Refused(ActionKey.RELEASE, no.reason());
                                case NoAnswer<Revision> none -> new Event.Unanswered(ActionKey.RELEASE, none.cause());
                            });
                    if (reply instanceof Done<Revision>) {
                        revoke(order.lease());
                    }
                    done();
                });
    }
}
