package pgha.agent.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Vouch;
import pgha.dcs.Dcs;
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
 * Takes, renews and gives up the lease of the leader key; alone publishes {@link Terms}.
 *
 * <p>Owns the thread {@code lease-keeper}, which blocks in calls of the store, each with a deadline. Renews only while
 * the loop vouches for the lease: a silent loop loses it. Every term is counted from before the request was sent.
 */
public final class LeaseKeeper implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Dcs dcs;
    private final MemberName self;
    private final Terms terms;
    private final Supplier<Moment> clock;
    private final Consumer<Event> events;
    private final LinkedBlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
    private volatile Timing timing;
    private volatile @Nullable Vouch vouch;

    /** What we hold. Confined to the thread. */
    private @Nullable LeaseTerm held;
    /** A lease with which we may have taken the key without hearing of it. Confined to the thread. */
    private @Nullable LeaseId doubtful;
    /** Whether the last renewal went unanswered. Confined to the thread. */
    private boolean late;

    public LeaseKeeper(
            Dcs dcs, MemberName self, Terms terms, Supplier<Moment> clock, Consumer<Event> events, Timing timing) {
        this.dcs = dcs;
        this.self = self;
        this.terms = terms;
        this.clock = clock;
        this.events = events;
        this.timing = timing;
    }

    /** For the next lease; a lease that is held keeps the ttl it was granted with. */
    public void use(Timing next) {
        timing = next;
    }

    public void acquire() {
        orders.add(this::acquireNow);
    }

    public void rebind(Revision seen) {
        orders.add(() -> rebindNow(seen));
    }

    public void release(Action.ReleaseLease order) {
        orders.add(() -> releaseNow(order));
    }

    /** The loop's word of now; none withdraws the last one. */
    public void vouch(Optional<Vouch> word) {
        vouch = word.orElse(null);
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Runnable order = orders.poll(untilNextRenewal().toNanos(), TimeUnit.NANOSECONDS);
                if (order != null) {
                    order.run();
                } else {
                    renewIfDue();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Duration untilNextRenewal() {
        LeaseTerm term = held;
        if (term == null) {
            return LONGEST_WAIT;
        }
        Duration wait = late ? Duration.ofMillis(10) : clock.get().until(renewAt(term));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private static Moment renewAt(LeaseTerm term) {
        return term.sentAt().plus(term.timing().renewEvery());
    }

    private void renewIfDue() {
        LeaseTerm term = held;
        Vouch word = vouch;
        Moment sentAt = clock.get();
        if (term == null || !RenewalRule.isDue(term, Optional.ofNullable(word), sentAt)) {
            return;
        }
        switch (dcs.renew(term.lease(), term.timing().requestTimeout())) {
            case Done<Duration> renewed -> renewed(term, sentAt, renewed.value());
            case Refused<Duration> gone -> {
                held = null;
                log.warn("the store says that our lease is gone: {}", gone.reason());
                events.accept(new Event.LeaseGone(term.lease()));
            }
            case NoAnswer<Duration> none -> {
                if (!late) {
                    log.warn(
                            "cannot renew the lease: {}; serving until it ends in {}s unless the store answers",
                            none.cause(),
                            seconds(clock.get().until(term.demoteAt())));
                }
                late = true;
            }
        }
    }

    private void renewed(LeaseTerm term, Moment sentAt, Duration granted) {
        if (late) {
            log.info(
                    "renewed the lease again, {}s after the last time",
                    seconds(term.sentAt().until(sentAt)));
        }
        late = false;
        publish(
                new LeaseTerm(term.lease(), sentAt, shorter(term.ttl(), granted), term.timing()),
                Event.LeaseRenewed::new);
    }

    private void publish(LeaseTerm term, java.util.function.Function<LeaseTerm, Event> event) {
        held = term;
        terms.publish(term);
        events.accept(event.apply(term));
    }

    private void acquireNow() {
        if (!settleDoubt()) {
            unanswered("an earlier attempt is still in doubt");
            return;
        }
        granted((lease, timeout) -> dcs.takeLeaderKey(self, lease, timeout), lease -> dcs.revoke(lease, budget()));
    }

    /** The key is ours already: an earlier lease of ours, known or not, is given up once it holds nothing any more. */
    private void rebindNow(Revision seen) {
        LeaseId before = doubtful;
        granted(
                (lease, timeout) -> dcs.rebindLeaderKey(self, lease, seen, timeout),
                lease -> dcs.revoke(lease, budget()));
        if (before != null && held != null && !before.equals(held.lease())) {
            dcs.revoke(before, budget());
        }
    }

    /** Puts the key under a lease. */
    private interface Taking {
        DcsReply<Revision> take(LeaseId lease, Duration timeout);
    }

    private void granted(Taking taking, Consumer<LeaseId> giveBack) {
        Timing present = timing;
        held = null;
        late = false;
        Moment sentAt = clock.get();
        switch (dcs.grant(present.ttl(), budget())) {
            case Done<Dcs.Grant> grant -> {
                LeaseId lease = grant.value().lease();
                Duration ttl = shorter(present.ttl(), grant.value().ttl());
                take(taking, giveBack, new LeaseTerm(lease, sentAt, ttl, present));
            }
            case Refused<Dcs.Grant> no -> events.accept(new Event.LeaseRefused(no.reason()));
            case NoAnswer<Dcs.Grant> none -> unanswered(none.cause());
        }
    }

    private void take(Taking taking, Consumer<LeaseId> giveBack, LeaseTerm term) {
        switch (taking.take(term.lease(), budget())) {
            case Done<Revision> done -> {
                doubtful = null;
                publish(term, t -> new Event.LeaseAcquired(t, done.value()));
            }
            case Refused<Revision> no -> {
                events.accept(new Event.LeaseRefused(no.reason()));
                giveBack.accept(term.lease());
            }
            case NoAnswer<Revision> none -> {
                doubtful = term.lease();
                unanswered(none.cause());
            }
        }
    }

    /** A lease with which the key may be ours is revoked before another attempt, so that no late success can surprise us. */
    private boolean settleDoubt() {
        LeaseId lease = doubtful;
        if (lease == null) {
            return true;
        }
        if (dcs.revoke(lease, budget()) instanceof NoAnswer<Boolean>) {
            return false;
        }
        doubtful = null;
        return true;
    }

    private void releaseNow(Action.ReleaseLease order) {
        held = null;
        late = false;
        Optional<ClusterStatus> last = order.last().map(ClusterStatus::at);
        log.info(
                "giving the leader key away{}",
                order.last().map(lsn -> " at " + lsn).orElse(""));
        switch (dcs.releaseLeaderKey(self, order.lease(), last, budget())) {
            case Done<Revision> done -> {
                events.accept(new Event.Completed(ActionKey.RELEASE, Optional.of(done.value())));
                dcs.revoke(order.lease(), budget());
            }
            case Refused<Revision> no -> events.accept(new Event.Refused(ActionKey.RELEASE, no.reason()));
            case NoAnswer<Revision> none -> events.accept(new Event.Unanswered(ActionKey.RELEASE, none.cause()));
        }
    }

    private void unanswered(String cause) {
        log.warn("the store did not answer our request for the leader key: {}", cause);
        events.accept(new Event.Unanswered(ActionKey.ACQUIRE, cause));
    }

    private Duration budget() {
        return timing.requestTimeout();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String seconds(Duration duration) {
        return "%.1f".formatted(duration.toMillis() / 1000.0);
    }
}
