package pgha.lab.workload;

/**
 * One write as its client saw it.
 *
 * @param client who tried
 * @param target the node's name, or "vip"
 * @param key the row's key, unique over all attempts
 * @param sentAt when the client began, connecting included, in nanoseconds of {@link System#nanoTime}
 * @param endedAt when it had the answer or gave up
 * @param timeline of the server that acknowledged; 0 otherwise
 * @param detail the server's or the network's words if it was not acknowledged
 */
public record Attempt(
        String client, String target, String key, long sentAt, long endedAt, End end, int timeline, String detail) {
    /** How an attempt ended for its client. */
    public enum End {
        ACKNOWLEDGED,
        /** The server cannot have committed it. */
        FAILED,
        /** It was sent, and no answer says whether it was committed. */
        UNKNOWN
    }

    public boolean isAcknowledged() {
        return end == End.ACKNOWLEDGED;
    }
}
