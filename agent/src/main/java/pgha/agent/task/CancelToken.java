package pgha.agent.task;

/**
 * Tells a task that it should end.
 *
 * <p>Thread-safe: requested from any thread, looked at by the task where ending is harmless. Once requested it stays
 * so. A task that waits in the JDK rather than for a program is interrupted as well.
 */
public final class CancelToken {
    private volatile boolean requested;

    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
    }

    /** For the points at which a task can be left. */
    public void throwIfRequested() throws InterruptedException {
        if (requested) {
            throw new InterruptedException("the task was cancelled");
        }
    }
}
