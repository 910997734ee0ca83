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
    private final List<Fault> began;
    private final List<String> unbegun = new ArrayList<>();
    private final List<String> unended = new ArrayList<>();
    private final Map<Strike, Ongoing> ongoing = new HashMap<>();
    private final List<Hit> hits = new ArrayList<>();

    /** {@code began} gets every fault as it begins. */
    Assault(Scene scene, List<Fault> began) {
        this.scene = scene;
        this.began = began;
    }

    /** A strike that has begun, and what ends it. */
    private record Ongoing(String node, long beganAt, Runnable end) {}

    /** What cannot begin, since its object is not there, or cannot end, since another took it, is remembered. */
    void play(Plan plan, long startedAt) {
        for (Plan.Step step : plan.steps()) {
            long left = startedAt + step.at().toNanos() - System.nanoTime();
            Round.pause(Duration.ofNanos(Math.max(0, left)));
            String words = step.strike().fault().words();
            if (step.begins()) {
                attempt(() -> begin(step.strike()), words + " did not begin: ", unbegun);
            } else {
                attempt(() -> end(step.strike()), words + " did not end by itself: ", unended);
            }
        }
    }

    /** What did not begin and why, in words. */
    List<String> unbegun() {
        return List.copyOf(unbegun);
    }

    /** What did not end by itself and why, in words. */
    List<String> unended() {
        return List.copyOf(unended);
    }

    /** Every strike that began; what did not end by itself ended at {@code healedAt}. */
    List<Hit> hits(long healedAt) {
        List<Hit> all = new ArrayList<>(hits);
        ongoing.forEach((strike, since) -> all.add(new Hit(strike, since.node(), since.beganAt(), healedAt, healedAt)));
        return all;
    }

    private void begin(Strike strike) {
        long beganAt = System.nanoTime();
        Runnable end = strike.begin(scene);
        began.add(strike.fault());
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

    private static void attempt(Runnable what, String failed, List<String> words) {
        try {
            what.run();
        } catch (LabException e) {
            words.add(failed + firstLine(e));
        }
    }

    private static String firstLine(LabException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
