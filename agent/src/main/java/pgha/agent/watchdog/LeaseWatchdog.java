package pgha.agent.watchdog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
 * <p>Thread-safe: one lock, held for calls that do not block. The device is opened before a server becomes a writer and
 * let go when the writer is retired. In between the fence feeds it, but never so late that the countdown would outlast
 * the term: so a host that hangs is reset in time, and one that merely cannot reach the store steps down long before.
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
    private final ReentrantLock using = new ReentrantLock();
    private Driver.@Nullable Countdown countdown;
    /** So that what fails is said once, and not tried again before the next writer. */
    private boolean failed;

    /** @param marker a file that exists while the device is open; must be gone after a reboot */
    public LeaseWatchdog(Terms terms, Supplier<Moment> clock, WatchdogPolicy policy, Driver driver, Path marker) {
        this.terms = terms;
        this.clock = clock;
        this.policy = policy;
        this.driver = driver;
        this.marker = marker;
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
            if (countdown != null) {
                end(countdown);
            }
        } catch (IOException e) {
            log.error("cannot end the watchdog that an earlier agent left: {}; this host may be reset", e.getMessage());
        } finally {
            using.unlock();
        }
    }

    /** Of no weight: what is begun with it is ended at once. */
    private static final Duration LEFT_OVER_TTL = Duration.ofSeconds(60);

    /** Feeds it while that is right; when to come again. */
    @Override
    public Moment ping(Moment now) {
        using.lock();
        try {
            // Adopted, or armed after a pause: nobody has asked for it before.
            if (terms.isArmed() && !failed) {
                started();
            }
            Optional<LeaseTerm> term = terms.current();
            return countdown == null || term.isEmpty() ? Moment.NEVER : fed(countdown, term.get(), now);
        } finally {
            using.unlock();
        }
    }

    private Moment fed(Driver.Countdown running, LeaseTerm term, Moment now) {
        Moment last = term.expiresAt().minus(Duration.ofSeconds(running.seconds()));
        if (!now.isBefore(last)) {
            return Moment.NEVER;
        }
        try {
            running.feed();
        } catch (IOException e) {
            log.error("the watchdog is not fed: {}; this host may be reset", e.getMessage());
        }
        Moment lastFood = last.minus(BEFORE_LAST);
        return now.isBefore(lastFood) ? Moment.earlier(now.plus(FEED_EVERY), lastFood) : Moment.NEVER;
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
            fed(begun, term.get(), clock.get());
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
