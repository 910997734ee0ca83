package pgha.agent.lease;

import java.util.Optional;
import pgha.dcs.model.Moment;

/**
 * What stops PostgreSQL at a deadline when this process cannot: it outlives us, and the next process takes it over.
 *
 * <p>Thread-safe.
 */
public interface LeaseGuard {
    /**
     * Has PostgreSQL stopped at {@code deadline}, from now on and whatever becomes of us.
     *
     * @return empty once the guard has said so; otherwise why it has not: then nothing may become a writer
     */
    Optional<String> arm(Moment deadline) throws InterruptedException;

    /** As {@link #arm}, for a writer that runs already: does not wait for the guard. */
    void adopt(Moment deadline);

    /** Puts the deadline off, if the guard is armed; does not wait for it. */
    void feed(Moment deadline);

    /** As {@link #feed}, and sooner too: the writer goes on under another lease, which may be a shorter one. */
    void move(Moment deadline);

    /** Nothing here can write any more, or nobody minds. */
    void disarm();

    /** The deadline that an earlier process has left with the guard; empty if it is disarmed. */
    Optional<Moment> inheritedDeadline();
}
