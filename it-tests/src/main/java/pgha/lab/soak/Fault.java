package pgha.lab.soak;

import java.util.Locale;

/** Everything that may happen in a round, by name and with its sentence. */
public enum Fault {
    AGENT_KILLED("the agent gets SIGKILL and is started again at the end"),
    AGENT_STOPPED("the agent gets SIGSTOP, at the end SIGCONT"),
    AGENT_OUT_OF_MEMORY("the agent's Java heap is full; it is started again at the end"),
    POSTMASTER_KILLED("the postmaster gets SIGKILL"),
    POSTMASTER_STOPPED("the postmaster gets SIGSTOP, at the end SIGCONT"),
    GUARD_KILLED("the lease guard gets SIGKILL"),
    GUARD_STOPPED("the lease guard gets SIGSTOP, at the end SIGCONT"),
    AGENT_AND_GUARD_KILLED("agent and lease guard get SIGKILL in one instant"),
    WALRECEIVER_KILLED("a replica's WAL receiver gets SIGKILL"),
    WALRECEIVER_STOPPED("a replica's WAL receiver gets SIGSTOP, at the end SIGCONT"),
    HOST_FROZEN("every process of the host stands still, its kernel does not"),
    POWER_LOSS("the host loses power, and boots at the end"),
    CLOCK_STEPPED("the host's wall clock goes an hour forward, and at the end an hour back"),
    LINK_FLAP("the host's cable comes loose and is plugged in again, over and over"),
    NODE_ALONE("the host is cut off from everybody"),
    NODE_FROM_PEERS("the host is cut off from the other nodes"),
    NODE_FROM_ETCD("the host is cut off from etcd"),
    NODE_FROM_PEERS_AND_ETCD("only clients reach the host"),
    ONE_WAY_OUT("what the host sends to etcd and the other nodes is lost"),
    ONE_WAY_IN("what etcd and the other nodes send to the host is lost"),
    NODE_FROM_ONE_PEER("the host is cut off from one of the other nodes"),
    RING("each node hears only one of the others, in a ring"),
    CLIENT_FROM_NODE("clients are cut off from the host"),
    CLIENT_TO_NODE_ONE_WAY("what clients send to the host is lost"),
    NODE_TO_CLIENT_ONE_WAY("what the host sends to clients is lost"),
    NODE_FROM_ETCD_MEMBER("the host is cut off from one etcd member"),
    ETCD_MEMBERS_APART("etcd members do not hear each other; everybody else does"),
    ETCD_LEADER_APART("etcd's leader and the other members do not hear each other; everybody else does"),
    ETCD_LEADER_KILLED("etcd's leader gets SIGKILL and is started again at the end"),
    ETCD_MEMBER_STOPPED("one etcd member gets SIGSTOP, at the end SIGCONT"),
    ETCD_MAJORITY_LOST("two etcd members get SIGKILL and are started again at the end"),
    ETCD_LOST("every etcd member gets SIGKILL and is started again at the end"),
    ETCD_GOES_BACK("at the end etcd gets a backup of its own that was made at the beginning"),
    TO_ETCD_ONE_WAY("what the host sends to etcd is lost"),
    FROM_ETCD_ONE_WAY("what etcd sends to the host is lost"),
    ETCD_COMPACTED("etcd forgets every revision but the present one"),
    ETCD_MEMBER_REPLACED("an etcd member is removed, and at the end added with an empty disk"),
    SCOPE_WIPED("every key of the cluster is deleted by hand"),
    LEADER_DELETED("the leader key is deleted by hand"),
    LEADER_OVERWRITTEN("the name of a replica is written into the leader key by hand"),
    DISK_FULL("the file system of the data directory has no byte left"),
    CONNECTIONS_EXHAUSTED("sessions take every connection, those of superusers included"),
    HBA_BROKEN("pg_hba.conf of a replica lets nobody in"),
    SLOW_SHUTDOWN("a switchover from a primary with many dirty pages, whose checkpointer stands still"),
    SWITCHOVER("an operator orders a switchover");

    private final String sentence;

    Fault(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }

    /** True if an order to hand over is part of it. */
    boolean isSwitchover() {
        return this == SWITCHOVER || this == SLOW_SHUTDOWN;
    }

    /** In words of people: {@code power loss}. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
