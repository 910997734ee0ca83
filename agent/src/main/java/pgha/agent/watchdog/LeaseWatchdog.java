package pgha.agent.watchdog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.lease.Fence;
import pgha.agent.lease.HostWatchdog;
import pgha.agent.lease.Terms;
import pgha.dcs.model.Moment;

/**
 * Resets this host before its lease may be given away, if it hangs while it has a writer.
 *
 * <p>Thread-safe: one lock, held while the device is spoken to, which may block for as long as its driver likes. The
 * fence never waits for it: it gives the word, and another thread feeds, once a word. The device is opened before a
 * server becomes a writer and let go when the writer is retired. In between it is fed, but never so late that the
 * countdown would outlast the term: so a host that hangs is reset in time, and one that merely cannot reach the store
 * steps down long before.
 *
 * <p>An agent that dies leaves the countdown running; the next one knows by a marker beside the guard's files, and takes
 * it over or ends it.
 */
public final class LeaseWatchdog implements HostWatchdog, Fence.Watchdog {
    private static final Logger log = LoggerFactory.getLogger(LeaseWatchdog.class);
    private static final Duration FEED_EVERY = Duration.ofSeconds(1);
    /** The last food comes a little before it would be too late for it. */
    private static final Duration BEFORE_LAST = Duration.ofMillis(100);

    private final Terms terms;
    private final Supplier<Moment> clock;
    private final WatchdogPolicy policy;
    private final Driver driver;
    private final Path marker;
    private final Executor feeder;
    private final ReentrantLock using = new ReentrantLock();
    private final AtomicBoolean feeding = new AtomicBoolean();
    private volatile Driver.@Nullable Countdown countdown;
    /** So that what fails is said once, and not tried again before the next writer. */
    private volatile boolean failed;

    /**
     * What is used, and by whom.
     *
     * @param runtimeDir holds a file that exists while the device is open; must be empty after a reboot
     * @param feeder feeds for the fence; a device that blocks holds it up and nobody else
     */
    public record Device(WatchdogPolicy policy, Driver driver, Path runtimeDir, Executor feeder) {}

    public LeaseWatchdog(Terms terms, Supplier<Moment> clock, Device device) {
        this.terms = terms;
        this.clock = clock;
        this.policy = device.policy();
        this.driver = device.driver();
        this.marker = device.runtimeDir().resolve("watchdog.open");
        this.feeder = device.feeder();
    }

    @Override
    public Optional<String> activate() {
        using.lock();
        try {
            failed = false;
            Optional<String> failure = started();
            return policy.isRequired() ? failure : Optional.empty();
        } finally {
            using.unlock();
        }
    }

    @Override
    public void deactivate() {
        using.lock();
        try {
            if (countdown == null && Files.exists(marker)) {
                // Left by an agent that died: only who opens it can end it.
                begin(policy.timeout(LEFT_OVER_TTL));
            }
            Driver.Countdown running = countdown;
            if (running != null) {
                end(running);
            }
        } catch (IOException e) {
            log.error("cannot end the watchdog that an earlier agent left: {}; this host may be reset", e.getMessage());
        } finally {
            using.unlock();
        }
    }

    /** Of no weight: what is begun with it is ended at once. */
    private static final Duration LEFT_OVER_TTL = Duration.ofSeconds(60);

    /** Has it fed while that is right, and waits for nobody; when to come again. */
    @Override
    public Moment ping(Moment now) {
        Optional<LeaseTerm> term = terms.current();
        Driver.Countdown before = countdown;
        // Adopted, or armed after a pause: nobody has asked for it before.
        boolean wanted = before != null || (terms.isArmed() && !failed && !policy.isOff());
        if (term.isEmpty() || !wanted) {
            return Moment.NEVER;
        }
        if (feeding.compareAndSet(false, true)) {
            feeder.execute(this::turn);
        }
        Driver.Countdown running = countdown;
        if (running == null) {
            return failed ? Moment.NEVER : now.plus(FEED_EVERY);
        }
        Moment lastFood = lastWith(running, term.get()).minus(BEFORE_LAST);
        return now.isBefore(lastFood) ? Moment.earlier(now.plus(FEED_EVERY), lastFood) : Moment.NEVER;
    }

    /** What one word of the fence is good for. */
    private void turn() {
        using.lock();
        try {
            if (terms.isArmed() && !failed) {
                started();
            }
            Optional<LeaseTerm> term = terms.current();
            Driver.Countdown running = countdown;
            if (running != null && term.isPresent()) {
                feed(running, term.get());
            }
        } finally {
            using.unlock();
            feeding.set(false);
        }
    }

    /** By our own look at the clock: the word may be old. */
    private void feed(Driver.Countdown running, LeaseTerm term) {
        if (!clock.get().isBefore(lastWith(running, term))) {
            return;
        }
        try {
            running.feed();
        } catch (IOException e) {
            log.error("the watchdog is not fed: {}; this host may be reset", e.getMessage());
        }
    }

    /** Fed from then on, it would count beyond the term. */
    private static Moment lastWith(Driver.Countdown running, LeaseTerm term) {
        return term.expiresAt().minus(Duration.ofSeconds(running.seconds()));
    }

    /** Why it does not run. */
    private Optional<String> started() {
        if (countdown != null || policy.isOff()) {
            return Optional.empty();
        }
        Optional<LeaseTerm> term = terms.current();
        if (term.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> objection = policy.objection(term.get().timing());
        if (objection.isPresent()) {
            return complain(objection.get());
        }
        try {
            int wanted = policy.timeout(term.get().ttl());
            Driver.Countdown begun = begin(wanted);
            if (begun.seconds() > wanted) {
                end(begun);
                return complain("the watchdog %s counts %ds and cannot be set to %ds"
                        .formatted(policy.device(), begun.seconds(), wanted));
            }
            feed(begun, term.get());
            log.info("the watchdog {} resets this host after {}s without us", policy.device(), begun.seconds());
            return Optional.empty();
        } catch (IOException e) {
            return complain("cannot use the watchdog %s: %s".formatted(policy.device(), e.getMessage()));
        }
    }

    private Driver.Countdown begin(int seconds) throws IOException {
        Driver.Countdown begun = driver.start(policy.device(), seconds);
        countdown = begun;
        Files.writeString(marker, policy.device().toString());
        if (!begun.canBeStopped()) {
            log.warn("the watchdog {} cannot be stopped: this host is reset after we lost the lead", policy.device());
        }
        return begun;
    }

    private void end(Driver.Countdown running) {
        countdown = null;
        if (!running.canBeStopped()) {
            log.warn("the watchdog cannot be stopped: this host is reset in {}s", running.seconds());
        }
        running.stop();
        try {
            Files.deleteIfExists(marker);
        } catch (IOException e) {
            log.warn("cannot remove {}: {}", marker, e.getMessage());
        }
    }

    private Optional<String> complain(String sentence) {
        failed = true;
        if (policy.isRequired()) {
            log.error("{}; watchdog.mode is required", sentence);
        } else {
            log.debug("{}; going on without, the mode is automatic", sentence);
        }
        return Optional.of(sentence);
    }
}
