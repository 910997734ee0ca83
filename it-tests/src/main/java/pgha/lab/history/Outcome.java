package pgha.lab.history;

/** How an append ended for its client. */
public sealed interface Outcome {
    /** The server said that it is committed; {@code lsn} is where its WAL stood just before. */
    record Acknowledged(Server by, long lsn) implements Outcome {}

    /** The server cannot have committed it. */
    record Refused(String why) implements Outcome {}

    /** It was sent, and no answer says whether it was committed: a lost answer to COMMIT is one of these. */
    record Unknown(String why) implements Outcome {}
}
