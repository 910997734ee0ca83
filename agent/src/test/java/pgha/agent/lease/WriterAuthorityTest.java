package pgha.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/** What arming leaves behind, when it succeeds and when it does not. */
class WriterAuthorityTest {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final LeaseId LEASE = new LeaseId(1);

    private final Terms terms = new Terms();
    private final Guard guard = new Guard();
    private Moment now = Moment.EARLIEST.plus(Duration.ofSeconds(100));
    private Optional<String> device = Optional.empty();
    private final WriterAuthority authority = new WriterAuthority(terms, guard, new Device(), () -> now);

    @Test
    void aRefusalLeavesNothingArmed() throws InterruptedException {
        terms.publish(new LeaseTerm(LEASE, now, TTL, new Timing(TTL)));
        device = Optional.of("/dev/watchdog is busy");

        assertThat(authority.arm(LEASE)).isEqualTo(device);

        assertThat(terms.fenceAt()).isEqualTo(Moment.NEVER);
        assertThat(guard.deadline).isEmpty();
    }

    @Test
    void aTermThatIsOverIsWatchedOverAllTheSame() throws InterruptedException {
        LeaseTerm term = new LeaseTerm(LEASE, now, TTL, new Timing(TTL));
        terms.publish(term);
        now = now.plus(TTL);

        assertThat(authority.arm(LEASE)).isEmpty();

        assertThat(terms.fenceAt()).isEqualTo(term.fenceAt());
        assertThat(guard.deadline).contains(term.fenceAt());
        assertThat(authority.confirm(LEASE)).contains("the term it was to run under has ended");
    }

    private static final class Guard implements LeaseGuard {
        private Optional<Moment> deadline = Optional.empty();

        @Override
        public Optional<String> arm(Moment until) {
            deadline = Optional.of(until);
            return Optional.empty();
        }

        @Override
        public void adopt(Moment until) {
            deadline = Optional.of(until);
        }

        @Override
        public void feed(Moment until) {
            deadline = Optional.of(until);
        }

        @Override
        public void move(Moment until) {
            deadline = Optional.of(until);
        }

        @Override
        public void disarm() {
            deadline = Optional.empty();
        }

        @Override
        public Optional<Moment> inheritedDeadline() {
            return deadline;
        }
    }

    private final class Device implements HostWatchdog {
        @Override
        public Optional<String> activate() {
            return device;
        }

        @Override
        public void deactivate() {
            // It was never active.
        }
    }
}
