package pgha.agent.ha;

import java.util.List;
import java.util.Optional;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/**
 * PostgreSQL as it was seen: its files, its process, and what it answered.
 *
 * <p>Immutable. It is what was seen and no more: {@link PostgresView} says what that means.
 *
 * @param pid of the postmaster that runs on the data directory
 * @param sql what it answered; empty if it did not (yet)
 * @param complaint why it did not answer, as PostgreSQL or the system said it; empty if it did
 */
public record Observation(Directory directory, Optional<Integer> pid, Optional<Sql> sql, String complaint) {
    /** Before the first look. */
    public static final Observation NONE =
            new Observation(new Directory.Unread(), Optional.empty(), Optional.empty(), "");

    /** Whose copy lies in the data directory, if one does. */
    public Optional<SystemIdentifier> systemIdentifier() {
        return directory instanceof Directory.Cluster cluster
                ? Optional.of(cluster.control().systemIdentifier())
                : Optional.empty();
    }

    /** Whether a bootstrap was begun in the data directory and did not come to its end. */
    boolean isHalfMade() {
        return directory instanceof Directory.Cluster cluster && cluster.halfMade();
    }

    /** The data directory. */
    public sealed interface Directory {
        /** Nobody has looked yet. */
        record Unread() implements Directory {}

        /**
         * Missing or empty.
         *
         * @param restorable whether a program of the operator's can make a replica while nobody leads
         */
        record Absent(boolean restorable) implements Directory {}

        /** There, but nothing that PostgreSQL could run on or that we may touch. */
        record Unusable(String why) implements Directory {}

        /**
         * A cluster's files.
         *
         * @param halfMade whether its first agent has not yet come to the end of making it
         * @param fresh whether it was cloned or restored, and was not accepted since: see {@link FreshCopy}
         */
        record Cluster(ControlFacts control, boolean halfMade, boolean fresh) implements Directory {}
    }

    /** pg_control's word for how PostgreSQL was left. */
    public enum LeftAs {
        SHUT_DOWN,
        SHUT_DOWN_IN_RECOVERY,
        SHUTTING_DOWN,
        IN_CRASH_RECOVERY,
        IN_ARCHIVE_RECOVERY,
        IN_PRODUCTION;

        /** Whether the last one to run was a replica. */
        public boolean wasReplica() {
            return this == SHUT_DOWN_IN_RECOVERY || this == IN_ARCHIVE_RECOVERY;
        }
    }

    /**
     * What pg_controldata and the signal files say.
     *
     * @param timeline of the last checkpoint, or of the minimum recovery end if that is later
     * @param position for a primary the last checkpoint's, for a replica the minimum recovery end
     * @param standbySignal whether it would start as a replica
     * @param history how {@code timeline} came about; empty if there is no file that says so
     */
    public record ControlFacts(
            SystemIdentifier systemIdentifier,
            LeftAs leftAs,
            Timeline timeline,
            Lsn position,
            boolean standbySignal,
            int majorVersion,
            Optional<TimelineHistory> history) {

        /** Whether these are a replica's data: a fresh clone has its source's pg_control, and the signal. */
        public boolean wasReplica() {
            return standbySignal || leftAs.wasReplica();
        }
    }

    /**
     * What PostgreSQL answered.
     *
     * @param timeline it writes to, or has received from
     * @param flushed of a primary
     * @param received the end of what a replica has; empty as long as it has not replayed its own log to the end
     * @param replayedTimeline the timeline of what it replayed last; asked of a replica that does not stream
     * @param upstream whom it is configured to follow
     * @param upstreamSlot the slot it is configured to use, empty text if none
     * @param streaming whether its walreceiver is connected and streaming
     * @param restoring whether it has a restore_command and is not streaming
     * @param history how its timeline came about; empty on the first one, and if there is no file that says so
     * @param checkpointTimeline the timeline of the last checkpoint in pg_control: behind {@code timeline} until the
     *     first checkpoint after a promotion
     */
    public record Sql(
            boolean inRecovery,
            Timeline timeline,
            Optional<Lsn> flushed,
            Optional<Lsn> received,
            Optional<Lsn> replayed,
            Optional<Timeline> replayedTimeline,
            Optional<HostPort> upstream,
            String upstreamSlot,
            boolean streaming,
            boolean restoring,
            Optional<Lsn> latestEnd,
            Optional<String> replayedTimestamp,
            boolean replayPaused,
            String startTime,
            int serverVersion,
            Optional<PendingRestart> pendingRestart,
            Timeline checkpointTimeline,
            Optional<TimelineHistory> history,
            List<Slot> slots,
            List<Sender> senders,
            Synchrony synchrony) {
        public Sql {
            slots = List.copyOf(slots);
            senders = List.copyOf(senders);
        }

        /** Whether {@link #position} is all it has. */
        public boolean isComplete() {
            return !inRecovery || received.isPresent();
        }

        /** Its own position: flushed on a primary, the further of received and replayed on a replica. */
        public Lsn position() {
            return inRecovery
                    ? Lsn.max(received.orElse(Lsn.ZERO), replayed.orElse(Lsn.ZERO))
                    : flushed.orElse(Lsn.ZERO);
        }
    }

    /**
     * A replication slot.
     *
     * @param position from where on it holds WAL back; of a logical one, how far its reader has confirmed
     * @param logical what it decodes; empty: a physical one
     * @param failsOver whether PostgreSQL itself, from 17 on, keeps it on the standbys
     * @param holdsRows whether VACUUM spares rows for its reader
     */
    public record Slot(
            String name,
            boolean active,
            Optional<Lsn> position,
            Optional<LogicalSlot> logical,
            boolean failsOver,
            boolean holdsRows) {
        public static Slot physical(String name, boolean active, Optional<Lsn> restartLsn) {
            return new Slot(name, active, restartLsn, Optional.empty(), false, false);
        }
    }

    /** A line of pg_stat_replication. */
    public record Sender(
            String user,
            String applicationName,
            String clientAddress,
            String state,
            String syncState,
            int syncPriority,
            Optional<Lsn> written,
            Optional<Lsn> flushed,
            Optional<Lsn> replayed) {}

    /**
     * Whom its commits wait for.
     *
     * @param names synchronous_standby_names
     * @param commit synchronous_commit, as those who do not choose have it
     * @param ours whether the names come from the file that we write them into
     * @param settled whether the checkpointer, through whom backends learn that there are names at all, has taken every
     *     change up to a moment ago
     */
    public record Synchrony(String names, String commit, boolean ours, boolean settled) {
        public static final Synchrony NONE = new Synchrony("", "on", false, true);
    }
}
