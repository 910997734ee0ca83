package pgha.agent.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import pgha.agent.sim.SimulationRun.Script;

/** A seed that breaks an invariant, with as few faults as it takes. */
record Failure(Script script, String what) {
    private static final int LINES_OF_A_STORY = 60;

    /** Plays it; what went wrong, if anything. */
    static Optional<Failure> of(Script script) {
        return new SimulationRun(script, 0).play().map(what -> new Failure(script, what));
    }

    /** Leaves out one fault after the other, as long as the same still goes wrong. */
    Failure shrunk() {
        Failure smallest = this;
        int faults = faultsOf(script);
        for (int fault = 0; fault < faults; fault++) {
            smallest = of(smallest.script.without(fault)).filter(this::isAlike).orElse(smallest);
        }
        return smallest;
    }

    private boolean isAlike(Failure other) {
        return invariant().equals(other.invariant());
    }

    /** {@code I2}; or all that an exception says up to its first colon. */
    private String invariant() {
        return what.split(":", 2)[0];
    }

    private static int faultsOf(Script script) {
        SimulationRun run = new SimulationRun(script, 0);
        run.play();
        return run.faults();
    }

    /** What went wrong, the last lines of the story, and how to see it again. */
    String report() {
        SimulationRun run = new SimulationRun(script, LINES_OF_A_STORY);
        run.play();
        return """
                seed %d at commit %s: %s
                %s
                play it again: -Dtest=SimulationTest -Dsim.trace=full %s""".formatted(
                        script.seed(),
                        commit(),
                        what,
                        String.join("\n", run.world().trace().lines()),
                        flags());
    }

    private String flags() {
        String without = script.without().stream().map(String::valueOf).collect(Collectors.joining(","));
        return "-Dsim.seed=" + script.seed()
                + (script.length().equals(SimulationRun.LENGTH)
                        ? ""
                        : " -Dsim.minutes=" + script.length().toMinutes())
                + (without.isEmpty() ? "" : " -Dsim.without=" + without);
    }

    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
