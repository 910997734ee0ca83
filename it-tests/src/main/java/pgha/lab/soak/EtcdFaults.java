package pgha.lab.soak;

import java.util.List;
import pgha.lab.Signal;
import pgha.lab.cluster.EtcdOperator;
import pgha.lab.cluster.LabEtcd;

/** The store dies, stands still or says what nobody of the cluster said; whom a fault hits among the nodes hardly matters. */
final class EtcdFaults {
    private EtcdFaults() {}

    static Runnable killLeader(Scene scene, Victim victim) {
        LabEtcd etcd = scene.cluster().etcd();
        String leader = etcd.leader();
        etcd.kill(leader);
        return () -> Recovery.startMember(etcd, leader);
    }

    static Runnable stopMember(Scene scene, Victim victim) {
        LabEtcd etcd = scene.cluster().etcd();
        String member = etcd.members().getLast();
        etcd.signal(member, Signal.STOP);
        return () -> etcd.signal(member, Signal.CONT);
    }

    static Runnable loseMajority(Scene scene, Victim victim) {
        LabEtcd etcd = scene.cluster().etcd();
        List<String> two = etcd.members().subList(0, 2);
        two.forEach(etcd::kill);
        return () -> two.forEach(member -> Recovery.startMember(etcd, member));
    }

    static Runnable loseAll(Scene scene, Victim victim) {
        LabEtcd etcd = scene.cluster().etcd();
        etcd.members().forEach(etcd::kill);
        return () -> etcd.members().forEach(member -> Recovery.startMember(etcd, member));
    }

    /** What was written since the fault began is forgotten at its end. */
    static Runnable goBack(Scene scene, Victim victim) {
        EtcdOperator operator = new EtcdOperator(scene.cluster());
        operator.backUp();
        return () -> {
            operator.restoreBackup();
            scene.leader().beginAgain();
        };
    }

    static Runnable compact(Scene scene, Victim victim) {
        new EtcdOperator(scene.cluster()).compact();
        return () -> {};
    }

    static Runnable replaceMember(Scene scene, Victim victim) {
        EtcdOperator operator = new EtcdOperator(scene.cluster());
        String member = scene.cluster().etcd().members().getLast();
        operator.remove(member);
        return () -> {
            // A backup that came meanwhile has it.
            if (scene.cluster().etcd().isRemoved(member)) {
                operator.add(member);
            }
        };
    }

    static Runnable wipeScope(Scene scene, Victim victim) {
        scene.cluster().etcd().etcdctl("del", "--prefix", scope(scene)).orThrow();
        return () -> {};
    }

    static Runnable deleteLeader(Scene scene, Victim victim) {
        scene.cluster().etcd().etcdctl("del", scope(scene) + "leader").orThrow();
        return () -> {};
    }

    static Runnable overwriteLeader(Scene scene, Victim victim) {
        scene.cluster()
                .etcd()
                .etcdctl("put", scope(scene) + "leader", scene.replica(victim).name())
                .orThrow();
        return () -> {};
    }

    private static String scope(Scene scene) {
        return "/service/" + scene.lab().options().name() + "/";
    }
}
