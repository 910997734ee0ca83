package pgha.agent.ha;

/** What the kernel says about all our virtual addresses together. */
public enum VipState {
    /** None is configured: there is nothing to do. */
    NOT_CONFIGURED,
    BOUND,
    NOT_BOUND,
    /** Some are and some are not: too few for who leads, too many for who does not. */
    PARTLY_BOUND,
    UNKNOWN
}
