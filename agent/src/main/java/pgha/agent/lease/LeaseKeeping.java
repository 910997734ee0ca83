package pgha.agent.lease;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.LeaseTerm.Basis;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Vouch;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * How the lease of the leader key is taken, renewed and given up: one request at a time, and every term counted from
 * before its request was sent. Where the store does not answer a renewal, all members together may prolong the term.
 *
 * <p>Confined to its owner: the thread of {@link LeaseKeeper}, or a simulation. Has no thread and never waits; its owner
 * calls {@link #look} at {@link #lookAt}. Renews only while the loop vouches for the lease: a silent loop loses it.
 */
public final class LeaseKeeping {
    private static final Duration AGAIN = Duration.ofMillis(10);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    /**
     * Where it lives.
     *
     * @param vouch the loop's word of now
     * @param timing for the next lease
     */
    public record Surroundings(
            Terms terms,
            Supplier<Moment> clock,
            Consumer<Event> events,
            Supplier<Timing> timing,
            Supplier<Optional<Vouch>> vouch,
            Logger log) {}

    private final LeaseCalls store;
    private final Surroundings around;
    private final Logger log;
    private final Deque<Runnable> orders = new ArrayDeque<>();

    /** Whether a request is under way. */
    private boolean busy;
    /** What we hold. */
    private @Nullable LeaseTerm held;
    /** A lease with which we may have taken the key without hearing of it. */
    private @Nullable LeaseId doubtful;
    /** Whether the last renewal went unanswered. */
    private boolean late;
    /** The store has said that the lease is gone, while all members let us go on. */
    private boolean gone;
    /** The members are not asked before that. */
    private Moment asksAgainAt = Moment.EARLIEST;

    public LeaseKeeping(LeaseCalls store, Surroundings around) {
        this.store = store;
        this.around = around;
        this.log = around.log();
    }

    public void acquire(Revision seen) {
        order(() -> settleDoubt(seen));
    }

    public void rebind(Action.RebindLease order) {
        order(() -> rebindNow(order));
    }

    public void release(Action.ReleaseLease order) {
        order(() -> releaseNow(order));
    }

    /** When {@link #look} is to be called next; empty as long as there is nothing to renew. */
    public Optional<Moment> lookAt() {
        LeaseTerm term = held;
        Moment now = now();
        if (term == null || busy || !term.serves(now)) {
            return Optional.empty();
        }
        Moment due = RenewalRule.dueAt(term);
        return Optional.of(due.isBefore(now) ? now.plus(AGAIN) : due);
    }

    /** Prolongs the term, if that is due and vouched for. */
    public void look() {
        LeaseTerm term = held;
        Optional<Vouch> vouch = around.vouch().get();
        if (term == null || busy || !RenewalRule.isDue(term, vouch, now())) {
            return;
        }
        boolean byStore = vouch.get().renewable() && !gone;
        if (byStore && doubtful != null) {
            // The key may be under that one, and end with it.
            return;
        }
        busy = true;
        if (byStore) {
            renew(term);
        } else {
            askMembers(term);
        }
    }

    // One after the other

    private void order(Runnable order) {
        orders.add(order);
        next();
    }

    private void next() {
        if (!busy && !orders.isEmpty()) {
            busy = true;
            orders.remove().run();
        }
    }

    private void done() {
        busy = false;
        next();
    }

    // Renewing

    private void renew(LeaseTerm term) {
        Moment sentAt = now();
        store.renew(term.lease(), term.timing().requestTimeout(), reply -> {
            renewed(term, sentAt, reply);
            if (reply instanceof NoAnswer<Duration>) {
                askMembers(term);
            } else {
                done();
            }
        });
    }

    private void renewed(LeaseTerm term, Moment sentAt, DcsReply<Duration> reply) {
        switch (reply) {
            case Done<Duration> granted -> {
                if (late) {
                    log.info(
                            "renewed the lease again, {}s after the last time",
                            seconds(term.sentAt().until(sentAt)));
                }
                late = false;
                Duration ttl = shorter(term.ttl(), granted.value());
                publish(new LeaseTerm(term.lease(), sentAt, ttl, term.timing()), Event.LeaseRenewed::new);
            }
            case Refused<Duration> no -> {
                lost(term);
                log.warn("the store says that our lease is gone: {}", no.reason());
                around.events().accept(new Event.LeaseGone(term.lease()));
            }
            case NoAnswer<Duration> none -> {
                if (!late) {
                    log.warn(
                            "cannot renew the lease: {}; serving until it ends in {}s unless the store answers",
                            none.cause(),
                            seconds(now().until(term.demoteAt())));
                }
                late = true;
            }
        }
    }

    /** What the members have prolonged they may prolong further: as long as they do nobody else stands. */
    private void lost(LeaseTerm term) {
        gone = term.basis() == Basis.MEMBERS;
        held = gone ? term : null;
    }

    // Where the store is silent

    private void askMembers(LeaseTerm term) {
        Optional<SortedMap<MemberName, String>> members =
                around.vouch().get().flatMap(Vouch::members).filter(m -> !now().isBefore(asksAgainAt));
        if (members.isEmpty()) {
            done();
            return;
        }
        Moment sentAt = now();
        asksAgainAt = sentAt.plus(ASK_AGAIN);
        store.askMembers(members.get(), term.ttl(), term.timing().requestTimeout(), refusal -> {
            refusal.ifPresentOrElse(this::refused, () -> prolonged(term, sentAt));
            done();
        });
    }

    private void prolonged(LeaseTerm term, Moment sentAt) {
        if (term.basis() == Basis.STORE) {
            log.warn("the store does not answer; every other member lets us go on leading");
        }
        LeaseTerm next = new LeaseTerm(term.lease(), sentAt, term.ttl(), term.timing(), Basis.MEMBERS);
        publish(next, Event.LeaseRenewed::new);
    }

    private void refused(String why) {
        log.warn("the store does not answer, and not every member lets us go on leading: {}", why);
        around.events().accept(new Event.FailsafeRefused(why));
    }

    private void publish(LeaseTerm term, Function<LeaseTerm, Event> event) {
        held = term;
        around.terms().publish(term);
        around.events().accept(event.apply(term));
    }

    // Taking

    /** Puts the key under a lease. */
    private interface Taking {
        void take(LeaseId lease, Consumer<DcsReply<Revision>> answer);
    }

    /** A lease with which the key may be ours is revoked before another attempt, so that no late success can surprise us. */
    private void settleDoubt(Revision seen) {
        LeaseId lease = doubtful;
        if (lease == null) {
            take(seen);
            return;
        }
        store.revoke(lease, budget(), reply -> {
            if (reply instanceof NoAnswer<Boolean>) {
                unanswered("an earlier attempt is still in doubt");
                done();
            } else {
                doubtful = null;
                take(seen);
            }
        });
    }

    private void take(Revision seen) {
        granted(
                (lease, answer) -> store.take(lease, seen, budget(), answer),
                new Leavings(Optional.empty(), this::revoke));
    }

    /** The loop has seen to it that the new lease is not the shorter one; but a renewal may have been under way. */
    private void rebindNow(Action.RebindLease order) {
        Timing present = around.timing().get();
        LeaseTerm wanted = new LeaseTerm(LeaseId.NONE, now(), present.ttl(), present);
        Optional<LeaseTerm> longer = Optional.ofNullable(held)
                .filter(term -> order.serving().filter(term.lease()::equals).isPresent())
                .filter(term -> wanted.fenceAt().isBefore(term.fenceAt()));
        if (longer.isPresent()) {
            around.events().accept(new Event.Refused(ActionKey.ACQUIRE, "the lease that we hold lasts longer"));
            done();
            return;
        }
        // A copy of the request may have been done before the one that is refused: then this lease holds our key, and
        // the one before must not be renewed.
        granted(
                (lease, answer) -> store.rebind(lease, order.seen(), budget(), answer),
                new Leavings(Optional.ofNullable(doubtful), lease -> {}));
    }

    /**
     * What becomes of leases that hold nothing; at the end of its ttl each goes by itself.
     *
     * @param before given up once the key is under the new one
     * @param refused for a lease that the key was not put under
     */
    private record Leavings(Optional<LeaseId> before, Consumer<LeaseId> refused) {}

    private void granted(Taking taking, Leavings leavings) {
        Timing present = around.timing().get();
        Moment sentAt = now();
        store.grant(present.ttl(), budget(), reply -> {
            switch (reply) {
                case Done<Grant> grant -> {
                    Duration ttl = shorter(present.ttl(), grant.value().ttl());
                    put(taking, leavings, new LeaseTerm(grant.value().lease(), sentAt, ttl, present));
                }
                case Refused<Grant> no -> {
                    around.events().accept(new Event.LeaseRefused(no.reason()));
                    done();
                }
                case NoAnswer<Grant> none -> {
                    unanswered(none.cause());
                    done();
                }
            }
        });
    }

    private void put(Taking taking, Leavings leavings, LeaseTerm term) {
        taking.take(term.lease(), reply -> {
            switch (reply) {
                case Done<Revision> done -> {
                    doubtful = null;
                    gone = false;
                    late = false;
                    tellOfAnotherLength(term);
                    publish(term, t -> new Event.LeaseAcquired(t, done.value()));
                    leavings.before().ifPresent(this::revoke);
                }
                case Refused<Revision> no -> {
                    held = null;
                    around.events().accept(new Event.LeaseRefused(no.reason()));
                    leavings.refused().accept(term.lease());
                }
                case NoAnswer<Revision> none -> {
                    doubtful = term.lease();
                    unanswered(none.cause());
                }
            }
            done();
        });
    }

    private void tellOfAnotherLength(LeaseTerm next) {
        if (held != null && !held.ttl().equals(next.ttl())) {
            log.info(
                    "the leader key is under a lease of {}s now, after one of {}s",
                    next.ttl().toSeconds(),
                    held.ttl().toSeconds());
        }
    }

    private void revoke(LeaseId lease) {
        store.revoke(lease, budget(), reply -> {});
    }

    private void unanswered(String cause) {
        log.warn("the store did not answer our request for the leader key: {}", cause);
        around.events().accept(new Event.Unanswered(ActionKey.ACQUIRE, cause));
    }

    // Giving up

    private void releaseNow(Action.ReleaseLease order) {
        held = null;
        late = false;
        gone = false;
        log.info(
                "giving the leader key away{}",
                order.last().map(lsn -> " at " + lsn).orElse(""));
        store.release(order.lease(), order.last().map(ClusterStatus::at), budget(), reply -> {
            around.events()
                    .accept(
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

    private Moment now() {
        return around.clock().get();
    }

    private Duration budget() {
        return around.timing().get().requestTimeout();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String seconds(Duration duration) {
        return "%.1f".formatted(duration.toMillis() / 1000.0);
    }
}
