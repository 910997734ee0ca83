package pgha.agent.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.Moment;

class BootTimerTest {
    private final BootClock clock = new BootClock();
    private final BootTimer timer = BootTimer.open(clock);

    @AfterEach
    void close() {
        timer.close();
    }

    @Test
    void itRingsAtTheDeadlineAndNotBefore() {
        Moment deadline = clock.now().plus(Duration.ofMillis(20));

        assertThat(timer.awaitUntil(deadline)).isTrue();
        assertThat(clock.now()).isGreaterThanOrEqualTo(deadline);
    }

    @Test
    void aDeadlineInThePastRingsAtOnce() {
        assertThat(timer.awaitUntil(clock.now())).isTrue();
        assertThat(timer.awaitUntil(Moment.EARLIEST)).isTrue();
    }

    @Test
    void wakingEndsTheNextWaitOnce() {
        timer.wake();
        timer.wake();

        assertThat(timer.awaitUntil(Moment.NEVER)).isFalse();
        assertThat(timer.awaitUntil(clock.now().plus(Duration.ofMillis(5)))).isTrue();
    }

    @Test
    void wakingEndsAWaitThatHasBegun() throws Exception {
        CompletableFuture<Boolean> rang = new CompletableFuture<>();
        Thread waiter = new Threads((thread, bug) -> rang.completeExceptionally(bug))
                .start("waiter", () -> rang.complete(timer.awaitUntil(Moment.NEVER)));

        timer.wake();

        assertThat(rang.get(10, TimeUnit.SECONDS)).isFalse();
        waiter.join();
    }
}
