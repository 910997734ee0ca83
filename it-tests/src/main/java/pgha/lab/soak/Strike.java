package pgha.lab.soak;

import java.time.Duration;
import java.util.Locale;

/** One fault of a round: on whom, how long after the round's first moment, and for how long. */
public record Strike(Fault fault, Victim victim, Duration after, Duration lasts) {
    /** Begins it and returns what ends it; a {@link pgha.lab.LabException} says that it cannot begin. */
    Runnable begin(Scene scene) {
        return switch (fault) {
            case AGENT_KILLED -> ProcessFaults.killAgent(scene, victim);
            case AGENT_STOPPED -> ProcessFaults.stopAgent(scene, victim);
            case AGENT_OUT_OF_MEMORY -> ProcessFaults.fillHeapOfAgent(scene, victim);
            case POSTMASTER_KILLED -> ProcessFaults.killPostmaster(scene, victim);
            case POSTMASTER_STOPPED -> ProcessFaults.stopPostmaster(scene, victim);
            case GUARD_KILLED -> ProcessFaults.killGuard(scene, victim);
            case GUARD_STOPPED -> ProcessFaults.stopGuard(scene, victim);
            case AGENT_AND_GUARD_KILLED -> ProcessFaults.killAgentAndGuard(scene, victim);
            case WALRECEIVER_KILLED -> ProcessFaults.killWalReceiver(scene, victim);
            case WALRECEIVER_STOPPED -> ProcessFaults.stopWalReceiver(scene, victim);
            case HOST_FROZEN -> HostFaults.freeze(scene, victim);
            case POWER_LOSS -> HostFaults.powerLoss(scene, victim);
            case CLOCK_STEPPED -> HostFaults.stepClock(scene, victim);
            case LINK_FLAP -> HostFaults.linkFlap(scene, victim);
            case NODE_ALONE -> NetworkFaults.alone(scene, victim);
            case NODE_FROM_PEERS -> NetworkFaults.fromPeers(scene, victim);
            case NODE_FROM_ETCD -> NetworkFaults.fromEtcd(scene, victim);
            case NODE_FROM_PEERS_AND_ETCD -> NetworkFaults.fromPeersAndEtcd(scene, victim);
            case ONE_WAY_OUT -> NetworkFaults.oneWayOut(scene, victim);
            case ONE_WAY_IN -> NetworkFaults.oneWayIn(scene, victim);
            case NODE_FROM_ONE_PEER -> NetworkFaults.fromOnePeer(scene, victim);
            case RING -> NetworkFaults.ring(scene, victim);
            case CLIENT_TO_NODE_ONE_WAY -> NetworkFaults.clientToNode(scene, victim);
            case NODE_TO_CLIENT_ONE_WAY -> NetworkFaults.nodeToClient(scene, victim);
            case NODE_FROM_ETCD_MEMBER -> NetworkFaults.fromOneEtcdMember(scene, victim);
            case ETCD_MEMBERS_APART -> NetworkFaults.etcdMembersApart(scene, victim);
            case ETCD_LEADER_APART -> NetworkFaults.etcdLeaderApart(scene, victim);
            case CLIENT_FROM_NODE -> NetworkFaults.fromClient(scene, victim);
            case ETCD_LEADER_KILLED -> EtcdFaults.killLeader(scene, victim);
            case ETCD_MEMBER_STOPPED -> EtcdFaults.stopMember(scene, victim);
            case ETCD_MAJORITY_LOST -> EtcdFaults.loseMajority(scene, victim);
            case ETCD_LOST -> EtcdFaults.loseAll(scene, victim);
            case ETCD_GOES_BACK -> EtcdFaults.goBack(scene, victim);
            case TO_ETCD_ONE_WAY -> NetworkFaults.toEtcdOneWay(scene, victim);
            case FROM_ETCD_ONE_WAY -> NetworkFaults.fromEtcdOneWay(scene, victim);
            case ETCD_COMPACTED -> EtcdFaults.compact(scene, victim);
            case ETCD_MEMBER_REPLACED -> EtcdFaults.replaceMember(scene, victim);
            case SCOPE_WIPED -> EtcdFaults.wipeScope(scene, victim);
            case LEADER_DELETED -> EtcdFaults.deleteLeader(scene, victim);
            case LEADER_OVERWRITTEN -> EtcdFaults.overwriteLeader(scene, victim);
            case DISK_FULL -> PostgresFaults.fillDisk(scene, victim);
            case CONNECTIONS_EXHAUSTED -> PostgresFaults.exhaust(scene, victim);
            case HBA_BROKEN -> PostgresFaults.breakHba(scene, victim);
            case SLOW_SHUTDOWN -> PostgresFaults.slowShutdown(scene, victim);
            case SWITCHOVER -> PostgresFaults.switchover(scene, victim);
        };
    }

    @Override
    public String toString() {
        return "%s (%s, at %.1f s for %.1f s)"
                .formatted(
                        fault.words(),
                        victim.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        after.toMillis() / 1e3,
                        lasts.toMillis() / 1e3);
    }
}
