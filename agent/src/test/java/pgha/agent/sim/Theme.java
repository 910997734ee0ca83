package pgha.agent.sim;

import java.util.List;
import pgha.agent.sim.Faults.Kind;

/** What most of one seed's faults are about: trouble that comes together shows what trouble alone does not. */
record Theme(List<Kind> kinds) {
    private static final Theme ANYTHING = new Theme(List.of(Kind.values()));

    /** Leases that end while somebody is not there to see it. */
    private static final Theme LEASES = new Theme(List.of(
            Kind.AGENT_FROZEN,
            Kind.LOOP_STUCK,
            Kind.STORE_SILENT,
            Kind.STORE_SLOW,
            Kind.STORE_LEADER_LOST,
            Kind.CUT_FROM_STORE,
            Kind.LEASE_REVOKED,
            Kind.TTL_CHANGED));

    /** Requests that are late, lost, or arrive twice, from one leader after the other. */
    private static final Theme REQUESTS = new Theme(List.of(
            Kind.LOSSY_NETWORK,
            Kind.LATE_REQUESTS,
            Kind.REPEATED_REQUESTS,
            Kind.SWITCHOVER,
            Kind.FAILOVER,
            Kind.AGENT_STOPPED,
            Kind.STORE_SLOW,
            Kind.LAGGING_MEMBER));

    /** Keys that somebody else changes. */
    private static final Theme KEYS = new Theme(List.of(
            Kind.LEADER_KEY_DELETED,
            Kind.LEASE_REVOKED,
            Kind.LEADER_KEY_OVERWRITTEN,
            Kind.SWITCHOVER_CUT_SHORT,
            Kind.SWITCHOVER_CUT_SHORT,
            Kind.SCOPE_WIPED,
            Kind.STORE_SAVED,
            Kind.STORE_RESTORED,
            Kind.NAMESAKE));

    /** Loops that hang while somebody changes what they should see. */
    private static final Theme LOOPS = new Theme(List.of(
            Kind.LOOP_STUCK,
            Kind.LOOP_STUCK,
            Kind.LEASE_REVOKED,
            Kind.LEASE_REVOKED,
            Kind.LEADER_KEY_DELETED,
            Kind.LEADER_KEY_OVERWRITTEN,
            Kind.TTL_CHANGED));

    /** Agents that come and go. */
    private static final Theme AGENTS = new Theme(List.of(
            Kind.AGENT_KILLED,
            Kind.AGENT_GONE,
            Kind.AGENT_STOPPED,
            Kind.AGENT_DETACHED,
            Kind.AGENT_FROZEN,
            Kind.LOOP_STUCK,
            Kind.GUARD_KILLED,
            Kind.STORE_SILENT,
            Kind.CUT_FROM_STORE));

    /** Servers that come and go. */
    private static final Theme SERVERS = new Theme(List.of(
            Kind.POSTMASTER_KILLED,
            Kind.POWER_LOSS,
            Kind.DISK_FULL,
            Kind.DISK_STALLED,
            Kind.SERVER_DOES_NOT_START,
            Kind.SETTINGS_CHANGED,
            Kind.SLOW_TO_STOP,
            Kind.POSTGRES_MUTE,
            Kind.SWITCHOVER));

    /** Candidates that lack something, and cannot ask everybody. */
    private static final Theme CANDIDATES = new Theme(List.of(
            Kind.RECEIVER_HANGS,
            Kind.RECEIVER_HANGS,
            Kind.RECEIVER_LAGS,
            Kind.RECEIVER_LAGS,
            Kind.POWER_LOSS,
            Kind.POWER_LOSS,
            Kind.ISOLATED,
            Kind.CUT_FROM_PEER,
            Kind.FAILOVER));

    /** Hosts that stand still. */
    private static final Theme HOSTS = new Theme(List.of(
            Kind.HOST_FROZEN,
            Kind.MACHINE_PAUSED,
            Kind.AGENT_FROZEN,
            Kind.GUARD_FROZEN,
            Kind.DISK_STALLED,
            Kind.SWITCHOVER,
            Kind.ISOLATED));

    /** Operators at work. */
    private static final Theme OPERATORS = new Theme(List.of(
            Kind.PAUSED,
            Kind.SWITCHOVER,
            Kind.FAILOVER,
            Kind.SETTINGS_CHANGED,
            Kind.TTL_CHANGED,
            Kind.AGENT_STOPPED,
            Kind.AGENT_DETACHED,
            Kind.SWITCHOVER_SCHEDULED,
            Kind.NAMESAKE,
            Kind.POSTMASTER_KILLED));

    /** Operators who stop servers, while those are needed. */
    private static final Theme ORDERS = new Theme(List.of(
            Kind.RESTART,
            Kind.RESTART_IF_PENDING,
            Kind.RESTART_SCHEDULED,
            Kind.RESTART_FLUSHED,
            Kind.REINITIALIZE,
            Kind.SWITCHOVER_SCHEDULED,
            Kind.PAUSED,
            Kind.CUT_FROM_STORE,
            Kind.POSTMASTER_KILLED));

    private static final List<Theme> ALL =
            List.of(ANYTHING, LEASES, REQUESTS, KEYS, LOOPS, AGENTS, SERVERS, CANDIDATES, HOSTS, OPERATORS, ORDERS);

    Theme {
        kinds = List.copyOf(kinds);
    }

    static List<Theme> all() {
        return ALL;
    }

    static Theme of(Prng prng) {
        return prng.oneOf(ALL);
    }

    Kind draw(Prng prng) {
        return prng.oneOf(prng.percent(75) ? kinds : ANYTHING.kinds);
    }
}
