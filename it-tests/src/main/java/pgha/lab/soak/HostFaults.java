package pgha.lab.soak;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.Patience;
import pgha.lab.cluster.LabNode;

/** What happens to a machine as a whole. */
final class HostFaults {
    private static final Duration LOOSE = Duration.ofMillis(700);
    private static final Duration PLUGGED = Duration.ofMillis(900);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private HostFaults() {}

    static Runnable freeze(Scene scene, Victim victim) {
        LabHost host = scene.node(victim).host();
        demandPower(host);
        host.freeze();
        return host::thaw;
    }

    static Runnable powerLoss(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        demandPower(node.host());
        node.host().powerLoss();
        return () -> Recovery.boot(scene.disks(), node);
    }

    static Runnable stepClock(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        node.innerFaults().stepClock(Duration.ofHours(1));
        return () -> node.innerFaults().stepClock(Duration.ZERO);
    }

    /** On a thread of its own until it is ended. */
    static Runnable linkFlap(Scene scene, Victim victim) {
        LabHost host = scene.node(victim).host();
        demandPower(host);
        AtomicBoolean ended = new AtomicBoolean();
        Thread flapper = Thread.ofPlatform().daemon().name("link-flap").start(() -> {
            while (!ended.get()) {
                host.linkDown();
                Patience.until(LOOSE, ended::get);
                host.linkUp();
                Patience.until(PLUGGED, ended::get);
            }
        });
        return () -> {
            ended.set(true);
            try {
                flapper.join(LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static void demandPower(LabHost host) {
        if (!host.isRunning()) {
            throw new LabException(host.name() + " has no power");
        }
    }
}
