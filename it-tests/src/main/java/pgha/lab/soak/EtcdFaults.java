package pgha.lab.soak;

import java.util.List;
import pgha.lab.Signal;
import pgha.lab.cluster.LabEtcd;

/** Members of the store that die or stand still; whom a fault hits among the nodes does not matter here. */
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
}
