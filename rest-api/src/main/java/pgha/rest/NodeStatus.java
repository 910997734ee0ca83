package pgha.rest;

import java.util.List;
import java.util.Optional;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.ScheduledRestart;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;

/**
 * The answer to "what are you?", with the moment until which a claim to lead holds.
 *
 * <p>Immutable; published by the loop after each step and read by any thread. Health is a function of this and
 * <em>now</em>, so that {@code /primary} turns 503 when the claim ends, even if the loop is stuck.
 *
 * @param version of this agent; the interface is that of {@link pgha.dcs.model.Member#PATRONI_VERSION}
 * @param leaderUntil the claim to lead holds before this moment; {@link Moment#EARLIEST} without a claim
 * @param mayWrite whether PostgreSQL here may be acknowledging writes, or may be about to, whatever its role
 * @param standbyCluster whether a leader stays in recovery and follows another cluster
 * @param view the last view of the cluster, and {@code viewSeenAt} when it was known to be current
 * @param aliveUntil the loop has promised to have looked again before this moment; {@code /liveness} fails after it
 * @param observedAt when {@code postgres} was observed
 * @param watchdogFailed whether it must not lead for want of the watchdog that it requires
 * @param decision the current decision in one line, for {@code why}
 */
public record NodeStatus(
        MemberName self,
        String scope,
        String version,
        Role role,
        RunState state,
        Moment leaderUntil,
        boolean mayWrite,
        boolean standbyCluster,
        boolean paused,
        Tags tags,
        Optional<SystemIdentifier> systemIdentifier,
        Optional<Postgres> postgres,
        Moment observedAt,
        ClusterView view,
        Moment viewSeenAt,
        long viewSeenAtEpochSeconds,
        boolean linkUp,
        Moment aliveUntil,
        Optional<PendingRestart> pendingRestart,
        Optional<ScheduledRestart> scheduledRestart,
        boolean failsafeActive,
        boolean watchdogFailed,
        Why decision) {

    /**
     * PostgreSQL as last observed, while it answers.
     *
     * @param startTime as PostgreSQL prints a timestamptz
     * @param location the flushed LSN of a primary; empty on a replica
     * @param complete whether these positions are all that it has, and all that it ever confirmed
     * @param latestEnd the last position the walreceiver heard of, for {@code lag=}
     */
    public record Postgres(
            String startTime,
            int serverVersion,
            Optional<Timeline> timeline,
            boolean inRecovery,
            Optional<Lsn> location,
            Optional<Lsn> received,
            boolean complete,
            Optional<Lsn> replayed,
            Optional<String> replayedTimestamp,
            boolean replayPaused,
            Optional<Lsn> latestEnd,
            Optional<String> replicationState,
            List<Walsender> replication) {
        public Postgres {
            replication = List.copyOf(replication);
        }
    }

    /** One line of pg_stat_replication. */
    public record Walsender(
            String user,
            String applicationName,
            String clientAddress,
            String state,
            String syncState,
            int syncPriority) {}

    /**
     * What the agent decided and on which facts.
     *
     * @param decision the stable id
     * @param sentence why, for people
     * @param facts label and value, in a fixed order
     * @param before the decisions before, newest first, as {@code HH:MM:SS ID}
     */
    public record Why(String decision, String sentence, List<Fact> facts, List<String> before) {
        public static final Why STARTING = new Why("STARTING", "the agent is starting", List.of(), List.of());

        public Why {
            facts = List.copyOf(facts);
            before = List.copyOf(before);
        }
    }

    /** One line of {@code why}. */
    public record Fact(String label, String value) {}

    /** The same, with how old its facts are. */
    public NodeStatus seen(Moment observedAt, Moment viewSeenAt, long viewSeenAtEpochSeconds) {
        return new NodeStatus(
                self,
                scope,
                version,
                role,
                state,
                leaderUntil,
                mayWrite,
                standbyCluster,
                paused,
                tags,
                systemIdentifier,
                postgres,
                observedAt,
                view,
                viewSeenAt,
                viewSeenAtEpochSeconds,
                linkUp,
                aliveUntil,
                pendingRestart,
                scheduledRestart,
                failsafeActive,
                watchdogFailed,
                decision);
    }

    /** Whether the view counts: with the link up it is current; without it, it is good for as long as a lease would be. */
    public boolean seesStore(Moment now) {
        return linkUp
                || view.settings()
                        .filter(settings -> now.isBefore(viewSeenAt.plus(settings.ttl())))
                        .isPresent();
    }

    /** Whether nobody is known to lead the cluster. */
    public boolean isUnlocked(Moment now) {
        return !seesStore(now) || view.leader().isEmpty();
    }

    /** Whether the claim to lead still holds. */
    public boolean leadsAt(Moment now) {
        return now.isBefore(leaderUntil);
    }
}
