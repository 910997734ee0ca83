package pgha.lab.soak;

import java.util.List;
import java.util.stream.Stream;
import pgha.lab.LabOptions;

/** Packets that do not arrive. The first of these to end in a round heals the whole network. */
final class NetworkFaults {
    private NetworkFaults() {}

    static Runnable alone(Scene scene, Victim victim) {
        scene.lab().isolate(scene.node(victim).name());
        return scene.lab()::heal;
    }

    static Runnable fromPeers(Scene scene, Victim victim) {
        return cut(scene, victim, peers(scene, victim));
    }

    static Runnable fromEtcd(Scene scene, Victim victim) {
        return cut(scene, victim, scene.lab().options().stores());
    }

    static Runnable fromPeersAndEtcd(Scene scene, Victim victim) {
        return cut(scene, victim, peersAndEtcd(scene, victim));
    }

    static Runnable fromClient(Scene scene, Victim victim) {
        return cut(scene, victim, List.of(LabOptions.CLIENT));
    }

    static Runnable oneWayOut(Scene scene, Victim victim) {
        String name = scene.node(victim).name();
        peersAndEtcd(scene, victim).forEach(other -> scene.lab().cutOneWay(name, other));
        return scene.lab()::heal;
    }

    static Runnable oneWayIn(Scene scene, Victim victim) {
        String name = scene.node(victim).name();
        peersAndEtcd(scene, victim).forEach(other -> scene.lab().cutOneWay(other, name));
        return scene.lab()::heal;
    }

    static Runnable toEtcdOneWay(Scene scene, Victim victim) {
        String name = scene.node(victim).name();
        scene.lab().options().stores().forEach(store -> scene.lab().cutOneWay(name, store));
        return scene.lab()::heal;
    }

    static Runnable fromEtcdOneWay(Scene scene, Victim victim) {
        String name = scene.node(victim).name();
        scene.lab().options().stores().forEach(store -> scene.lab().cutOneWay(store, name));
        return scene.lab()::heal;
    }

    private static Runnable cut(Scene scene, Victim victim, List<String> others) {
        String name = scene.node(victim).name();
        others.forEach(other -> scene.lab().cut(name, other));
        return scene.lab()::heal;
    }

    private static List<String> peers(Scene scene, Victim victim) {
        return scene.lab().options().nodes().stream()
                .filter(other -> !other.equals(scene.node(victim).name()))
                .toList();
    }

    private static List<String> peersAndEtcd(Scene scene, Victim victim) {
        return Stream.concat(peers(scene, victim).stream(), scene.lab().options().stores().stream())
                .toList();
    }
}
