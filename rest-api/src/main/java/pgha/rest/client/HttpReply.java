package pgha.rest.client;

/** What came of one HTTP request. Immutable. */
public sealed interface HttpReply {
    /** An answer, whatever its code. */
    record Answered(int code, String body) implements HttpReply {}

    /**
     * None.
     *
     * @param sent whether the request may have arrived, and been obeyed, nevertheless
     */
    record NoReply(String cause, boolean sent) implements HttpReply {
        static NoReply unsent(String cause) {
            return new NoReply(cause, false);
        }
    }
}
