package pgha.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.agent.os.Threads;
import pgha.agent.watchdog.Driver;
import pgha.agent.watchdog.LeaseWatchdog;
import pgha.agent.watchdog.WatchdogPolicy;
import pgha.agent.watchdog.WatchdogPolicy.Mode;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/** When a host would be reset, on a clock and with a device that only count. */
class LeaseWatchdogTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final LeaseId LEASE = new LeaseId(1);
    /** For what is to happen at once. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Threads THREADS = new Threads((thread, e) -> {
        throw new AssertionError(e);
    });
    private static final Path DEVICE = Path.of("/dev/watchdog");

    @TempDir
    Path directory;

    private final Terms terms = new Terms();
    private final CountingDriver driver = new CountingDriver();
    private volatile Moment now = Moment.EARLIEST.plus(Duration.ofSeconds(100));

    /** Does what a device does, but for the reset. */
    private final class CountingDriver implements Driver {
        private final List<String> story = new ArrayList<>();
        private String refusal = "";
        private int least = 1;
        /** What is done when it is spoken to. */
        private Runnable atStart = () -> {};

        private Runnable atFood = () -> {};
        private Moment resetAt = Moment.NEVER;

        @Override
        public Countdown start(Path device, int seconds) throws IOException {
            atStart.run();
            if (!refusal.isEmpty()) {
                throw new IOException(refusal);
            }
            int count = Math.max(seconds, least);
            story.add("start " + count);
            return new Counting(count);
        }

        private final class Counting implements Countdown {
            private final int count;

            Counting(int count) {
                this.count = count;
                feed();
            }

            @Override
            public int seconds() {
                return count;
            }

            @Override
            public boolean canBeStopped() {
                return true;
            }

            @Override
            public void feed() {
                atFood.run();
                resetAt = now.plus(Duration.ofSeconds(count));
            }

            @Override
            public void stop() {
                story.add("stop");
                resetAt = Moment.NEVER;
            }
        }
    }

    @Test
    void itIsOpenFromBeforeTheWriterIsMadeUntilItIsRetired() {
        LeaseWatchdog watchdog = watchdog(Mode.AUTOMATIC, 5);
        renew();
        turnFor(watchdog, Duration.ofSeconds(3));
        assertThat(driver.story).as("without a writer").isEmpty();

        assertThat(watchdog.activate()).isEmpty();
        assertThat(driver.story).containsExactly("start 25");
        assertThat(marker()).exists();

        watchdog.deactivate();
        assertThat(driver.story).containsExactly("start 25", "stop");
        assertThat(marker()).doesNotExist();
    }

    @Test
    void aHostThatHangsAtAnyMomentIsResetBeforeItsLeaseEnds() {
        LeaseWatchdog watchdog = watchdog(Mode.AUTOMATIC, 5);
        LeaseTerm term = renew();
        terms.arm(LEASE);
        assertThat(watchdog.activate()).isEmpty();
        for (int renewals = 0; renewals < 5; renewals++) {
            for (int steps = 0; steps < 60; steps++) {
                turnFor(watchdog, Duration.ofMillis(100));
                assertThat(driver.resetAt.isAfter(term.expiresAt())).isFalse();
                assertThat(driver.resetAt.isAfter(now)).isTrue();
            }
            term = renew();
        }
    }

    @Test
    void aPrimaryThatCannotReachTheStoreIsStoppedBeforeItsHostIsReset() {
        LeaseWatchdog watchdog = watchdog(Mode.AUTOMATIC, 5);
        LeaseTerm term = renew();
        terms.arm(LEASE);
        assertThat(watchdog.activate()).isEmpty();

        turnFor(watchdog, Duration.ofSeconds(20));

        assertThat(driver.resetAt.isAfter(term.fenceAt())).isTrue();
        assertThat(driver.resetAt.isAfter(term.expiresAt())).isFalse();
    }

    @Test
    void itIsBegunForAWriterThatNobodyAskedItFor() {
        LeaseWatchdog watchdog = watchdog(Mode.AUTOMATIC, 5);
        terms.inherit(now.plus(TTL));
        turnFor(watchdog, Duration.ofSeconds(1));
        assertThat(driver.story).as("no term of ours yet").isEmpty();

        renew();
        turnFor(watchdog, Duration.ofSeconds(1));

        assertThat(driver.story).containsExactly("start 25");
    }

    @Test
    void whatAnAgentThatDiedLeftRunningIsEnded() throws IOException {
        Files.writeString(marker(), DEVICE.toString());

        watchdog(Mode.AUTOMATIC, 5).deactivate();

        assertThat(driver.story).containsExactly("start 55", "stop");
        assertThat(marker()).doesNotExist();
    }

    @Test
    void withoutADeviceOnlyWhoRequiresOneIsKeptFromLeading() {
        driver.refusal = "cannot open it: there is no such device";
        renew();

        assertThat(watchdog(Mode.OFF, 5).activate()).isEmpty();
        assertThat(watchdog(Mode.AUTOMATIC, 5).activate()).isEmpty();
        assertThat(watchdog(Mode.REQUIRED, 5).activate())
                .contains("cannot use the watchdog /dev/watchdog: cannot open it: there is no such device");
    }

    @Test
    void aDeviceThatCountsTooLongIsNotUsed() {
        driver.least = 60;
        renew();

        assertThat(watchdog(Mode.REQUIRED, 5).activate())
                .contains("the watchdog /dev/watchdog counts 60s and cannot be set to 25s");
        assertThat(driver.story).containsExactly("start 60", "stop");
    }

    @Test
    void aMarginThatDoesNotFitTheLeaseIsRefusedWithTheArithmetic() {
        renew();

        assertThat(watchdog(Mode.REQUIRED, 25).activate())
                .contains("watchdog.safety_margin: 25s of a ttl of 30s leave a countdown of 5s, and a renewal may take"
                        + " 8.0s");
        assertThat(watchdog(Mode.REQUIRED, 0).activate())
                .contains("watchdog.safety_margin: 0s are less than the 2.0s that an answer of the store may take");
        assertThat(watchdog(Mode.REQUIRED, -1).activate()).isEmpty();
        assertThat(driver.story).containsExactly("start 15");
    }

    /** As a task is about to promote, and the driver hangs in open(2). */
    @Test
    void theFenceStrikesWhileTheDeviceIsBeingOpened() throws Exception {
        try (Stuck stuck = new Stuck()) {
            driver.atStart = stuck;
            LeaseWatchdog watchdog = watchdog(Mode.AUTOMATIC, 5, THREADS.worker("watchdog"));
            LeaseTerm term = renew();
            terms.arm(LEASE);
            THREADS.start("task", watchdog::activate);
            stuck.reached.await();

            assertThat(strikesAfter(term, watchdog)).isTrue();
        }
    }

    /** As the term runs out, and the driver hangs in write(2). */
    @Test
    void theFenceStrikesWhileTheDeviceIsBeingFed() throws Exception {
        try (Stuck stuck = new Stuck()) {
            LeaseWatchdog watchdog = watchdog(Mode.AUTOMATIC, 5, THREADS.worker("watchdog"));
            LeaseTerm term = renew();
            terms.arm(LEASE);
            assertThat(watchdog.activate()).isEmpty();
            driver.atFood = stuck;
            assertThat(watchdog.ping(now)).isNotEqualTo(Moment.NEVER);
            stuck.reached.await();

            assertThat(strikesAfter(term, watchdog)).isTrue();
        }
    }

    /** A call into the kernel that does not come back. */
    private static final class Stuck implements Runnable, AutoCloseable {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public void run() {
            reached.countDown();
            boolean interrupted = false;
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            released.countDown();
        }
    }

    /** The turns of a fence on a thread of its own: one in time, and one when the term has run out. */
    private boolean strikesAfter(LeaseTerm term, LeaseWatchdog watchdog) throws Exception {
        CompletableFuture<Boolean> struck = new CompletableFuture<>();
        Fencing fencing =
                new Fencing(terms, () -> now, () -> struck.complete(true), () -> {}, watchdog, NOPLogger.NOP_LOGGER);
        THREADS.start("fence", () -> {
            fencing.turn();
            now = term.fenceAt();
            fencing.turn();
        });
        return struck.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private LeaseWatchdog watchdog(Mode mode, int margin) {
        return watchdog(mode, margin, Runnable::run);
    }

    private LeaseWatchdog watchdog(Mode mode, int margin, Executor feeder) {
        WatchdogPolicy policy = new WatchdogPolicy(mode, DEVICE, margin);
        return new LeaseWatchdog(terms, () -> now, new LeaseWatchdog.Device(policy, driver, directory, feeder));
    }

    private Path marker() {
        return directory.resolve("watchdog.open");
    }

    private LeaseTerm renew() {
        LeaseTerm term = new LeaseTerm(LEASE, now, TTL, new Timing(TTL));
        terms.publish(term);
        return term;
    }

    /** As the fence does it. */
    private void turnFor(LeaseWatchdog watchdog, Duration time) {
        Moment end = now.plus(time);
        while (now.isBefore(end)) {
            now = Moment.earlier(watchdog.ping(now), end);
        }
    }
}
