package pgha.rest.client;

/** What came of one HTTP request. Immutable. */
public sealed interface HttpReply {
    /** An answer, whatever its code. */
    record Answered(int code, String body) implements HttpReply {}

    /** None; a request that changes something may have been obeyed nevertheless. */
    record NoReply(String cause) implements HttpReply {}
}
