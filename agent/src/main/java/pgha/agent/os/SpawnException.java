package pgha.agent.os;

/** A program could not be started; the message is a sentence for people. */
public final class SpawnException extends Exception {
    private static final long serialVersionUID = 1;

    SpawnException(String message) {
        super(message);
    }
}
