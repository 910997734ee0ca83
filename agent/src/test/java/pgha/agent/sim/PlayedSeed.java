package pgha.agent.sim;

import pgha.agent.sim.SimulationRun.Script;

/** The simulation for those who know it by one number: what a seed breaks. */
public final class PlayedSeed {
    private PlayedSeed() {}

    /** What went wrong; empty if nothing did. */
    public static String failure(long seed) {
        return new SimulationRun(Script.of(seed), 0).play().orElse("");
    }
}
