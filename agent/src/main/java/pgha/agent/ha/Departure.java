package pgha.agent.ha;

import pgha.dcs.model.Moment;

/** That the agent was asked to end, since when, and how it leaves PostgreSQL. Immutable. */
public record Departure(Moment since, Manner manner) {
    /** What becomes of PostgreSQL. */
    public enum Manner {
        /** It is stopped in good order, and leadership handed over before. */
        STOPPING,
        /** It goes on under the lease guard, and the next agent takes it over. */
        DETACHING
    }

    boolean stops() {
        return manner == Manner.STOPPING;
    }
}
