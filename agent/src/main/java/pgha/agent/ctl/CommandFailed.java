package pgha.agent.ctl;

/** A command cannot do what it was asked to; the message is the sentence for the user. */
final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailed(String message) {
        super(message, null, false, false);
    }

    /** The sentence. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
