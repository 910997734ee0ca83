package pgha.agent.postgres;

import java.util.List;

/**
 * What is done to make a server a writer, by promotion or by a start as primary, and in which order.
 *
 * <p>Pure; the tasks and the simulation take the steps as they stand here. A process that dies or stands still between
 * any two of them leaves either no writer, or one that a guard stops in time.
 */
public enum WriterStep {
    /** The guard learns when to stop the server. First, so that nothing that is begun later is without it. */
    ARM_GUARD,
    /** All that takes time and can be taken back. */
    PREPARE,
    /** One more look at the term, as late as can be. */
    CONFIRM_TERM,
    /** What cannot be taken back. */
    ACT;

    /** One after the other; a step that fails is the last. */
    public static final List<WriterStep> IN_ORDER = List.of(ARM_GUARD, PREPARE, CONFIRM_TERM, ACT);
}
