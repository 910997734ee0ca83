package pgha.agent.ha;

/** How a task ended. Immutable. */
public sealed interface Outcome {
    /** It did what its spec says. */
    record Succeeded() implements Outcome {}

    /** It did not; {@code sentence} says what stood against it. */
    record Failed(String sentence) implements Outcome {}

    /** It was told to end, and did. */
    record Cancelled() implements Outcome {}
}
