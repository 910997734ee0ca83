package pgha.agent.lease;

import pgha.agent.ha.LeaseTerm;

/** Lets the simulator's keeper do what only the keeper may. */
public final class Publishing {
    private Publishing() {}

    public static void publish(Terms terms, LeaseTerm term) {
        terms.publish(term);
    }
}
