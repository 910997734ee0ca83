package pgha.it.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import pgha.agent.lease.GuardProcess;
import pgha.agent.os.BootClock;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;

/** A program that does nothing but arm and feed a guard, so that a test can stop it or kill it. */
final class GuardFeeder {
    private static final Duration TERM = Duration.ofSeconds(3);

    private GuardFeeder() {}

    public static void main(String[] dataDir) throws Exception {
        Threads threads = new Threads((thread, e) -> e.printStackTrace());
        BootClock clock = new BootClock();
        GuardProcess guard = GuardChecks.guard(Path.of(dataDir[0]), new Spawner(threads), threads);
        guard.start();
        guard.arm(clock.now().plus(TERM));
        while (true) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            guard.feed(clock.now().plus(TERM));
        }
    }
}
