package pgha.lab.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.history.FinalState;
import pgha.lab.history.Findings;
import pgha.lab.history.History;
import pgha.lab.history.HistoryChecker;
import pgha.lab.history.ListWorkload;
import pgha.lab.history.Overlap;

/** Plays one plan under load and reports what came of it. */
final class Round {
    private static final Duration APPEND_LIMIT = Duration.ofSeconds(30);
    private static final Duration CONVERGE_LIMIT = Duration.ofSeconds(30);
    /** Undisturbed load before the faults and after the recovery. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private final Arena arena;
    private final LabCluster cluster;
    private final Plan plan;
    private final List<Fault> began;
    private final List<String> notes;

    private Round(Arena arena, Plan plan, List<Fault> began, List<String> notes) {
        this.arena = arena;
        this.cluster = arena.cluster();
        this.plan = plan;
        this.began = began;
        this.notes = notes;
    }

    /** A round that leaves the cluster not ready, or the lab in trouble, has failed. */
    static Report play(Arena arena, Plan plan) {
        List<Fault> began = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try {
            return new Round(arena, plan, began, notes).play();
        } catch (LabException e) {
            return Report.broken(plan, began, notes, String.valueOf(e.getMessage()));
        }
    }

    private Report play() {
        long faultAt;
        List<Hit> hits;
        List<String> failures = new ArrayList<>();
        Duration recovery;
        ListWorkload workload =
                ListWorkload.start(cluster, "r" + Long.toString(System.nanoTime(), Character.MAX_RADIX));
        List<Handover> handovers;
        try (workload;
                LeaderWatch leader = arena.watchLeader()) {
            pause(CALM);
            faultAt = System.nanoTime();
            Scene scene = Scene.of(cluster, arena.disks(), leader);
            Assault assault = new Assault(scene, began);
            assault.play(plan, faultAt);
            (plan.kind().isCertain() ? failures : notes).addAll(assault.unbegun());
            notes.addAll(assault.unended());
            Recovery.heal(cluster, arena.disks());
            hits = assault.hits(System.nanoTime());
            scene.awaitOperators();
            recovery = Recovery.awaitReady(cluster);
            workload.awaitAppendsAfter(System.nanoTime(), APPEND_LIMIT);
            pause(CALM);
            handovers = leader.handovers();
        }
        workload.awaitSilence();
        History history = workload.history();
        FinalState end = workload.finalState();
        Findings findings = HistoryChecker.check(history, end);
        Judge judge = new Judge(hits, arena.replication(), history, handovers);
        failures.addAll(judge.failures(findings, end));
        failures.addAll(settle());
        noteWhatIsExcused(findings);
        return new Report(
                plan,
                began,
                Optional.of(history.longestSilenceAfter(faultAt)),
                recovery,
                findings.lost().size(),
                findings.lostBytes().orElse(0),
                findings.overlap(Overlap.Path.DIRECT),
                findings.overlap(Overlap.Path.VIP),
                notes,
                failures);
    }

    /** Every node comes to have what the primary has, and the lists of earlier rounds are as they were. */
    private List<String> settle() {
        List<String> failures = new ArrayList<>();
        Map<String, String> digests = ListWorkload.digests(cluster);
        arena.settled().forEach((list, digest) -> {
            if (!digest.equals(digests.get(list))) {
                failures.add("the list " + list + " of an earlier round has changed");
            }
        });
        for (LabNode node : cluster.nodes()) {
            if (!Patience.until(CONVERGE_LIMIT, () -> hasLists(node, digests))) {
                failures.add(node.name() + " has other lists than the primary");
            }
        }
        arena.settled().putAll(digests);
        return failures;
    }

    private boolean hasLists(LabNode node, Map<String, String> digests) {
        try {
            return ListWorkload.digests(cluster, node).equals(digests);
        } catch (LabException e) {
            // It is being started: it follows somebody new.
            return false;
        }
    }

    private void noteWhatIsExcused(Findings findings) {
        if (!findings.lost().isEmpty()) {
            notes.add("lost: " + Judge.named(findings.lost()));
        }
        findings.overlaps().stream().map(Overlap::toString).forEach(notes::add);
    }

    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
