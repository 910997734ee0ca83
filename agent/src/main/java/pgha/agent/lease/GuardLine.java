package pgha.agent.lease;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pgha.agent.os.PosixPipe;
import pgha.dcs.model.Moment;

/**
 * What the lease guard was told last, and the pipe by which it is told.
 *
 * <p>Thread-safe. One lock, held for a write that never blocks: what is remembered here is always what was said last, so
 * that a guard that is started anew can be told the same.
 */
final class GuardLine {
    private final Supplier<Moment> clock;
    private final ReentrantLock speaking = new ReentrantLock();
    private Optional<PosixPipe> pipe = Optional.empty();
    private long sequence;
    private Moment deadline = Moment.NEVER;
    private @Nullable Unheard unheard;

    /** The oldest line whose answer was not seen. */
    private record Unheard(long sequence, Moment since) {}

    GuardLine(Supplier<Moment> clock) {
        this.clock = clock;
    }

    /** An earlier process has said so much, and that. */
    void continueFrom(GuardState state) {
        speaking.lock();
        try {
            sequence = state.sequence();
            deadline = state.deadline().orElse(Moment.NEVER);
        } finally {
            speaking.unlock();
        }
    }

    /** From now on by this pipe; the one before is closed. */
    void use(PosixPipe next) {
        speaking.lock();
        try {
            pipe.ifPresent(PosixPipe::close);
            pipe = Optional.of(next);
            unheard = null;
        } finally {
            speaking.unlock();
        }
    }

    /** The number of the line, as of each that is said; empty if nobody listens. */
    OptionalLong arm(Moment until) {
        return say(until, "arm");
    }

    OptionalLong disarm() {
        return say(Moment.NEVER, "disarm");
    }

    /** Only that we are there. */
    OptionalLong greet() {
        speaking.lock();
        try {
            return write("feed", Moment.EARLIEST);
        } finally {
            speaking.unlock();
        }
    }

    boolean isArmed() {
        speaking.lock();
        try {
            return !deadline.equals(Moment.NEVER);
        } finally {
            speaking.unlock();
        }
    }

    /** What was said last, for a guard that may not have heard it. */
    OptionalLong repeat() {
        speaking.lock();
        try {
            return deadline.equals(Moment.NEVER) ? disarm() : arm(deadline);
        } finally {
            speaking.unlock();
        }
    }

    /** Puts the deadline off if it is armed; false if it is and does not listen. */
    boolean feed(Moment until) {
        speaking.lock();
        try {
            if (deadline.equals(Moment.NEVER)) {
                return true;
            }
            deadline = Moment.later(deadline, until);
            return write("feed", deadline).isPresent();
        } finally {
            speaking.unlock();
        }
    }

    /** Another deadline, later or sooner, if it is armed; false if it is and does not listen. */
    boolean move(Moment until) {
        speaking.lock();
        try {
            return deadline.equals(Moment.NEVER) || arm(until).isPresent();
        } finally {
            speaking.unlock();
        }
    }

    /** Since when a guard that has answered up to {@code answered} owes an answer. */
    Optional<Moment> unheardSince(long answered) {
        speaking.lock();
        try {
            if (unheard != null && unheard.sequence() <= answered) {
                unheard = null;
            }
            return Optional.ofNullable(unheard).map(Unheard::since);
        } finally {
            speaking.unlock();
        }
    }

    private OptionalLong say(Moment until, String verb) {
        speaking.lock();
        try {
            deadline = until;
            return write(verb, until.equals(Moment.NEVER) ? Moment.EARLIEST : until);
        } finally {
            speaking.unlock();
        }
    }

    private OptionalLong write(String verb, Moment until) {
        long number = ++sequence;
        String line = "%s %d %d %d"
                .formatted(
                        verb,
                        number,
                        GuardState.hundredths(until),
                        ProcessHandle.current().pid());
        if (!pipe.map(p -> p.writeLine(line)).orElse(false)) {
            return OptionalLong.empty();
        }
        unheard = unheard == null ? new Unheard(number, clock.get()) : unheard;
        return OptionalLong.of(number);
    }
}
