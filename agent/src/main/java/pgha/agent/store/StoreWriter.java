package pgha.agent.store;

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
import pgha.agent.ha.Timing;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * Publishes: the member's record under a lease of its own, status, history, settings, synchronous state, the claim on
 * a new cluster.
 *
 * <p>Owns the thread {@code store-writer}, which blocks in the store. Each write ends with one event. The member's lease
 * lives as long as the process and has nothing to do with leading.
 */
public final class StoreWriter implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Dcs dcs;
    private final MemberName self;
    private final Supplier<Moment> clock;
    private final Consumer<Event> events;
    private final LinkedBlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
    private volatile Timing timing;

    /** Confined to the thread. */
    private @Nullable MemberLease lease;
    /** The record that the lease carries. Confined to the thread. */
    private @Nullable Member published;

    public StoreWriter(Dcs dcs, MemberName self, Supplier<Moment> clock, Consumer<Event> events, Timing timing) {
        this.dcs = dcs;
        this.self = self;
        this.clock = clock;
        this.events = events;
        this.timing = timing;
    }

    /** The next lease has the new ttl; the present one is given up for it. */
    public void use(Timing next) {
        orders.add(() -> {
            MemberLease present = lease;
            if (present != null && !present.suits(next)) {
                lease = null;
            }
            timing = next;
        });
    }

    public void publish(Action.PublishMember order) {
        order(ActionKey.PUBLISH_MEMBER, () -> putMember(order.member()));
    }

    public void publish(Action.PublishStatus order) {
        order(ActionKey.PUBLISH_STATUS, () -> dcs.putStatus(self, order.status(), budget()));
    }

    public void publish(Action.PublishHistory order) {
        order(ActionKey.PUBLISH_HISTORY, () -> dcs.putHistory(self, order.history(), budget()));
    }

    public void publish(Action.PublishSettings order) {
        order(ActionKey.PUBLISH_SETTINGS, () -> dcs.putSettings(order.document(), order.expected(), budget()));
    }

    public void publish(Action.PublishFailsafe order) {
        order(ActionKey.PUBLISH_FAILSAFE, () -> dcs.putFailsafe(self, order.lease(), order.members(), budget()));
    }

    public void claim() {
        order(ActionKey.CLAIM_INITIALIZE, () -> {
            DcsReply<Revision> reply = underLease(id -> dcs.claimInitialize(id, budget()));
            if (MemberLease.isGivenUpAfterClaim(reply)) {
                giveUpLease();
            }
            return reply;
        });
    }

    public void complete(Action.CompleteInitialize order) {
        order(ActionKey.COMPLETE_INITIALIZE, () -> dcs.completeInitialize(order.id(), order.claimed(), budget()));
    }

    public void withdraw(Action.WithdrawInitialize order) {
        order(ActionKey.WITHDRAW_INITIALIZE, () -> dcs.withdrawInitialize(order.claimed(), budget()));
    }

    public void clear(Action.ClearSwitchover order) {
        order(ActionKey.CLEAR_SWITCHOVER, () -> dcs.clearSwitchover(order.seen(), budget()));
    }

    public void write(Action.WriteSync order) {
        order(ActionKey.WRITE_SYNC, () -> dcs.putSync(self, order.lease(), order.next(), order.expected(), budget()));
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Runnable order = orders.poll(untilRenewal().toNanos(), TimeUnit.NANOSECONDS);
                if (order != null) {
                    order.run();
                }
                renewIfDue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void order(ActionKey key, Supplier<DcsReply<Revision>> write) {
        orders.add(() -> events.accept(
                switch (write.get()) {
                    case Done<Revision> done -> new Event.Completed(key, Optional.of(done.value()));
                    case Refused<Revision> no -> new Event.Refused(key, no.reason());
                    case NoAnswer<Revision> none -> new Event.Unanswered(key, none.cause());
                }));
    }

    private DcsReply<Revision> putMember(Member member) {
        DcsReply<Revision> reply = underLease(id -> dcs.putMember(member, id, budget()));
        if (reply instanceof Done<Revision>) {
            published = member;
        }
        if (MemberLease.isGoneAfterPut(reply)) {
            lease = null;
        }
        return reply;
    }

    private DcsReply<Revision> underLease(java.util.function.Function<LeaseId, DcsReply<Revision>> write) {
        MemberLease present = lease;
        if (present != null) {
            return write.apply(present.id());
        }
        Moment sentAt = clock.get();
        return switch (dcs.grant(timing.ttl(), budget())) {
            case Done<Dcs.Grant> grant -> {
                LeaseId id = grant.value().lease();
                lease = MemberLease.granted(id, sentAt, timing);
                yield write.apply(id);
            }
            case Refused<Dcs.Grant> no -> new Refused<>(no.reason());
            case NoAnswer<Dcs.Grant> none -> new NoAnswer<>(none.cause());
        };
    }

    private void giveUpLease() {
        MemberLease present = lease;
        lease = null;
        if (present != null) {
            dcs.revoke(present.id(), budget());
        }
    }

    private Duration untilRenewal() {
        MemberLease present = lease;
        Duration wait = present == null ? LONGEST_WAIT : clock.get().until(present.renewAt());
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private void renewIfDue() {
        MemberLease present = lease;
        Moment sentAt = clock.get();
        if (present == null || !present.isDue(sentAt)) {
            return;
        }
        DcsReply<Duration> reply = dcs.renew(present.id(), budget());
        lease = present.renewed(reply, sentAt, timing).orElse(null);
        if (reply instanceof Refused<Duration> gone) {
            publishAgain(gone.reason());
        }
    }

    private void publishAgain(String why) {
        log.warn("the lease of our member key is gone: {}; publishing under a new one", why);
        Member last = published;
        if (last != null) {
            putMember(last);
        }
    }

    private Duration budget() {
        return MemberLease.budget(timing);
    }
}
