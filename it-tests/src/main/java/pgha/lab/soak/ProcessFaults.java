package pgha.lab.soak;

import java.time.Duration;
import pgha.lab.LabProcess;
import pgha.lab.Signal;
import pgha.lab.cluster.LabNode;

/** Signals to one process of a node. */
final class ProcessFaults {
    private static final String GUARD = "lease-guard";
    private static final String WAL_RECEIVER = "walreceiver";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private ProcessFaults() {}

    static Runnable killAgent(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        node.runningAgent().signal(Signal.KILL);
        return () -> Recovery.startAgent(node);
    }

    static Runnable stopAgent(Scene scene, Victim victim) {
        return stop(scene.node(victim).runningAgent());
    }

    static Runnable fillHeapOfAgent(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        // There must be one.
        LabProcess agent = node.runningAgent();
        node.innerFaults().fillHeap();
        return () -> {
            // One whose other faults keep it from dying of this one is not left half dead.
            agent.signal(Signal.KILL);
            agent.awaitExit(LIMIT);
            Recovery.startAgent(node);
        };
    }

    static Runnable killPostmaster(Scene scene, Victim victim) {
        return kill(scene.node(victim).runningPostmaster());
    }

    static Runnable stopPostmaster(Scene scene, Victim victim) {
        return stop(scene.node(victim).runningPostmaster());
    }

    static Runnable killGuard(Scene scene, Victim victim) {
        return kill(guard(scene.node(victim)));
    }

    static Runnable stopGuard(Scene scene, Victim victim) {
        return stop(guard(scene.node(victim)));
    }

    static Runnable killAgentAndGuard(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        LabProcess agent = node.runningAgent();
        LabProcess guard = guard(node);
        // Neither may see the other die and act on it.
        agent.signal(Signal.STOP);
        guard.signal(Signal.KILL);
        agent.signal(Signal.KILL);
        return () -> Recovery.startAgent(node);
    }

    static Runnable killWalReceiver(Scene scene, Victim victim) {
        return kill(Scene.process(scene.replica(victim).host(), WAL_RECEIVER));
    }

    static Runnable stopWalReceiver(Scene scene, Victim victim) {
        return stop(Scene.process(scene.replica(victim).host(), WAL_RECEIVER));
    }

    private static LabProcess guard(LabNode node) {
        return Scene.process(node.host(), GUARD);
    }

    private static Runnable kill(LabProcess process) {
        process.signal(Signal.KILL);
        return () -> {};
    }

    private static Runnable stop(LabProcess process) {
        process.signal(Signal.STOP);
        return () -> process.signal(Signal.CONT);
    }
}
