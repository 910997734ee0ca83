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

    static Runnable fromOnePeer(Scene scene, Victim victim) {
        return cut(scene, victim, List.of(peers(scene, victim).getFirst()));
    }

    /** No two nodes have both directions, so no connection between nodes goes on; etcd and clients hear all. */
    static Runnable ring(Scene scene, Victim victim) {
        List<String> nodes = scene.lab().options().nodes();
        for (int number = 0; number < nodes.size(); number++) {
            String hears = nodes.get(number);
            String heard = nodes.get((number + 1) % nodes.size());
            nodes.stream()
                    .filter(other -> !other.equals(hears) && !other.equals(heard))
                    .forEach(other -> scene.lab().cutOneWay(other, hears));
        }
        return scene.lab()::heal;
    }

    static Runnable fromOneEtcdMember(Scene scene, Victim victim) {
        return cut(scene, victim, List.of(scene.lab().options().stores().getFirst()));
    }

    /** Everybody reaches every member, and none of them has a majority. */
    static Runnable etcdMembersApart(Scene scene, Victim victim) {
        List<String> stores = scene.lab().options().stores();
        stores.forEach(store -> cutFromOthers(scene, store, stores));
        return scene.lab()::heal;
    }

    /** It goes on believing that it leads for as long as an election takes, and everybody reaches it. */
    static Runnable etcdLeaderApart(Scene scene, Victim victim) {
        List<String> stores = scene.lab().options().stores();
        cutFromOthers(scene, scene.cluster().etcd().leader(), stores);
        return scene.lab()::heal;
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

    static Runnable clientToNode(Scene scene, Victim victim) {
        scene.lab().cutOneWay(LabOptions.CLIENT, scene.node(victim).name());
        return scene.lab()::heal;
    }

    static Runnable nodeToClient(Scene scene, Victim victim) {
        scene.lab().cutOneWay(scene.node(victim).name(), LabOptions.CLIENT);
        return scene.lab()::heal;
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

    private static void cutFromOthers(Scene scene, String store, List<String> stores) {
        stores.stream().filter(other -> !other.equals(store)).forEach(other -> scene.lab()
                .cut(store, other));
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
