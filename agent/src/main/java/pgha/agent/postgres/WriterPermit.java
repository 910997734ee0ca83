package pgha.agent.postgres;

import java.util.Optional;
import pgha.dcs.model.LeaseId;

/**
 * Says whether a server may become a writer under a lease; implemented by whoever holds the terms.
 *
 * <p>Called from task threads. An empty answer is a yes; otherwise the answer is the rest of a sentence that begins
 * with "cannot".
 */
public interface WriterPermit {
    /**
     * Arms the guard with the deadline of the term under {@code lease}, also if that is over: returns when the guard has
     * it. After a refusal nothing is armed.
     */
    Optional<String> arm(LeaseId lease) throws InterruptedException;

    /** One more look, immediately before what cannot be taken back. */
    Optional<String> confirm(LeaseId lease);
}
