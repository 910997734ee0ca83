package pgha.agent.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Vouch;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * The thread {@code lease-keeper}: lets {@link LeaseKeeping} do what the loop orders, and renew in time.
 *
 * <p>Orders may come from any thread. Blocks in calls of the store, each with a deadline.
 */
public final class LeaseKeeper implements Runnable {
    /** The other members, asked where the store does not answer. */
    public interface Members {
        /** Blocks until all have answered, at most {@code timeout}; why we may not go on, empty if all let us. */
        Optional<String> letUsLead(SortedMap<MemberName, String> urls, Duration ttl, Duration timeout);
    }

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Supplier<Moment> clock;
    private final LeaseKeeping keeping;
    private final LinkedBlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
    private volatile Timing timing;
    private volatile @Nullable Vouch vouch;

    /** Whom it asks: the store, under which name, and the members. */
    public record Askable(Dcs dcs, MemberName self, Members members) {}

    public LeaseKeeper(Askable askable, Terms terms, Supplier<Moment> clock, Consumer<Event> events, Timing timing) {
        this.clock = clock;
        this.timing = timing;
        this.keeping = new LeaseKeeping(
                new Blocking(askable.dcs(), askable.self(), askable.members()),
                new LeaseKeeping.Surroundings(
                        terms,
                        clock,
                        events,
                        () -> this.timing,
                        () -> Optional.ofNullable(vouch),
                        LoggerFactory.getLogger(LeaseKeeper.class)));
    }

    /** For the next lease; a lease that is held keeps the ttl it was granted with. */
    public void use(Timing next) {
        timing = next;
    }

    public void acquire(Revision seen) {
        orders.add(() -> keeping.acquire(seen));
    }

    public void rebind(Action.RebindLease order) {
        orders.add(() -> keeping.rebind(order));
    }

    public void release(Action.ReleaseLease order) {
        orders.add(() -> keeping.release(order));
    }

    /** The loop's word of now; none withdraws the last one. */
    public void vouch(Optional<Vouch> word) {
        vouch = word.orElse(null);
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Runnable order = orders.poll(untilNextLook().toNanos(), TimeUnit.NANOSECONDS);
                if (order != null) {
                    order.run();
                } else {
                    keeping.look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Duration untilNextLook() {
        Duration wait = keeping.lookAt().map(clock.get()::until).orElse(LONGEST_WAIT);
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    /** Answers before it returns. */
    private record Blocking(Dcs dcs, MemberName self, Members members) implements LeaseCalls {
        @Override
        public void grant(Duration ttl, Duration timeout, Consumer<DcsReply<Dcs.Grant>> answer) {
            answer.accept(dcs.grant(ttl, timeout));
        }

        @Override
        public void renew(LeaseId lease, Duration timeout, Consumer<DcsReply<Duration>> answer) {
            answer.accept(dcs.renew(lease, timeout));
        }

        @Override
        public void revoke(LeaseId lease, Duration timeout, Consumer<DcsReply<Boolean>> answer) {
            answer.accept(dcs.revoke(lease, timeout));
        }

        @Override
        public void take(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer) {
            answer.accept(dcs.takeLeaderKey(self, lease, seen, timeout));
        }

        @Override
        public void rebind(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer) {
            answer.accept(dcs.rebindLeaderKey(self, lease, seen, timeout));
        }

        @Override
        public void askMembers(
                SortedMap<MemberName, String> urls, Duration ttl, Duration timeout, Consumer<Optional<String>> answer) {
            answer.accept(members.letUsLead(urls, ttl, timeout));
        }

        @Override
        public void release(
                LeaseId lease, Optional<ClusterStatus> last, Duration timeout, Consumer<DcsReply<Revision>> answer) {
            answer.accept(dcs.releaseLeaderKey(self, lease, last, timeout));
        }
    }
}
