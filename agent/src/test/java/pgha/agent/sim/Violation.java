package pgha.agent.sim;

/** An invariant does not hold: breaks off a run. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String sentence) {
        super(sentence);
    }
}
