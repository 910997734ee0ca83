package pgha.agent.ha;

/** Tells one order of an operator from the next, in one run of the agent. Immutable. */
public record OrderId(long number) {
    /** Whoever gave it does not wait for an answer. */
    public static final OrderId SCHEDULED = new OrderId(0);
}
