package pgha.agent.lease;

import java.util.Optional;

/** What resets this host if it hangs while it has a writer. Thread-safe. */
public interface HostWatchdog {
    /** There is none, and none is wanted. */
    HostWatchdog NONE = new HostWatchdog() {
        @Override
        public Optional<String> activate() {
            return Optional.empty();
        }

        @Override
        public void deactivate() {
            // Nothing was begun.
        }
    };

    /** Begins to watch, before anything becomes a writer; why nothing may become one, if one is required and fails. */
    Optional<String> activate();

    /** No writer is left, or nobody minds. */
    void deactivate();
}
