package pgha.dcs.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Cluster-wide dynamic settings, typed: the meaning of the {@code config} key.
 *
 * <p>Immutable. Values outside Patroni's limits have been clamped by the codec, which says so in {@link #warnings}.
 *
 * @param ttl of leader and member leases
 * @param loopWait the longest time between two publications of unchanged facts
 * @param retryTimeout the budget of one ordinary store or PostgreSQL operation, never of a lease call
 * @param maximumLagOnFailover how far behind a replica may be and still be elected
 * @param primaryStartTimeout how long a crashed primary may take to recover before another is promoted; zero means at
 *     once
 * @param primaryStopTimeout bound of a primary's stop in synchronous mode; zero means none
 * @param primaryRaceBackoff how long replicas leave a vacant key alone while the log that they receive still grows; zero
 *     means not at all
 * @param checkTimeline whether a candidate must be on the cluster's timeline
 * @param synchronousNodeCount how many others each commit waits for
 * @param maximumLagOnSyncnode whoever is further behind than this is not waited for; zero means no limit
 * @param maxTimelinesHistory how many entries of history are kept; zero means all
 * @param slotRetention how long the slot of an absent member is kept ({@code member_slots_ttl})
 * @param slots those that are not the members' own
 * @param standby whether the cluster copies another one
 * @param postgres what of the servers is decided upon
 * @param document the whole document as compact JSON, unknown keys included
 * @param revision of the key; zero if it does not exist
 * @param warnings what was clamped or not understood, one sentence each
 */
public record ClusterSettings(
        Duration ttl,
        Duration loopWait,
        Duration retryTimeout,
        ByteCount maximumLagOnFailover,
        Duration primaryStartTimeout,
        Duration primaryStopTimeout,
        Duration primaryRaceBackoff,
        boolean checkTimeline,
        int maxTimelinesHistory,
        SynchronousMode synchronousMode,
        boolean synchronousModeStrict,
        int synchronousNodeCount,
        ByteCount maximumLagOnSyncnode,
        boolean failsafeMode,
        boolean paused,
        Duration slotRetention,
        SlotRules slots,
        Optional<StandbyCluster> standby,
        Postgres postgres,
        String document,
        Revision revision,
        List<String> warnings) {

    /**
     * What whoever decides has to know of the section {@code postgresql}; the rest of it is in the document.
     *
     * @param usePgRewind empty if the section does not say
     */
    public record Postgres(Optional<Boolean> usePgRewind, boolean useSlots) {
        public static final Postgres NONE = new Postgres(Optional.empty(), true);
    }

    public ClusterSettings {
        warnings = List.copyOf(warnings);
    }
}
