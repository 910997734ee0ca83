package pgha.lab.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import pgha.lab.LabException;

/** Begins and ends every strike of a plan in its time, and remembers which were. Confined to one thread. */
final class Assault {
    private final Scene scene;
    private final List<String> notes;
    private final Map<Strike, Ongoing> ongoing = new HashMap<>();
    private final List<Hit> hits = new ArrayList<>();

    Assault(Scene scene, List<String> notes) {
        this.scene = scene;
        this.notes = notes;
    }

    /** A strike that has begun, and what ends it. */
    private record Ongoing(String node, long beganAt, Runnable end) {}

    /** What cannot begin, since another has taken its object, is noted. */
    void play(Plan plan, long startedAt) {
        for (Plan.Step step : plan.steps()) {
            long left = startedAt + step.at().toNanos() - System.nanoTime();
            Round.pause(Duration.ofNanos(Math.max(0, left)));
            try {
                if (step.begins()) {
                    begin(step.strike());
                } else {
                    end(step.strike());
                }
            } catch (LabException e) {
                notes.add(step.strike().fault().words()
                        + (step.begins() ? " did not begin: " : " did not end by itself: ")
                        + firstLine(e));
            }
        }
    }

    /** Every strike that began; what did not end by itself ended at {@code healedAt}. */
    List<Hit> hits(long healedAt) {
        List<Hit> all = new ArrayList<>(hits);
        ongoing.forEach((strike, since) ->
                all.add(new Hit(strike, since.node(), since.beganAt(), healedAt, healedAt)));
        return all;
    }

    private void begin(Strike strike) {
        long beganAt = System.nanoTime();
        Runnable end = strike.begin(scene);
        ongoing.put(strike, new Ongoing(scene.target(strike).name(), beganAt, end));
    }

    private void end(Strike strike) {
        Ongoing since = ongoing.get(strike);
        if (since == null) {
            return;
        }
        long endingAt = System.nanoTime();
        since.end().run();
        ongoing.remove(strike);
        hits.add(new Hit(strike, since.node(), since.beganAt(), endingAt, System.nanoTime()));
    }

    private static String firstLine(LabException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
