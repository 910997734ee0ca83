package pgha.agent.ha;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/**
 * Every long operation that the core can start.
 *
 * <p>Immutable. All but {@link Checkpoint} own the data directory while they run (law C3).
 */
public sealed interface TaskSpec {
    /** initdb, and the first configuration; PostgreSQL is not started. */
    record InitDb() implements TaskSpec {}

    /** Roles, grants and post_bootstrap, on the running new primary. */
    record PostBootstrap() implements TaskSpec {}

    /**
     * Make a replica's data directory where there is none, or whose contents are moved aside first: by cloning a member, or
     * by a program of the operator's; from nobody, by one that needs no leader.
     */
    record BaseBackup(Optional<Upstream> from) implements TaskSpec {
        public BaseBackup(Upstream from) {
            this(Optional.of(from));
        }
    }

    /** pg_rewind against the leader; PostgreSQL is stopped. It finds out by itself that there is nothing to do. */
    record Rewind(Upstream from) implements TaskSpec {}

    /**
     * Start under {@code lease} as primary: the guard is armed first, and the term looked at once more.
     *
     * @param names whom its commits wait for from the first one on; empty for what the settings say
     */
    record StartPrimary(LeaseId lease, Optional<SyncNames> names) implements TaskSpec {
        public StartPrimary(LeaseId lease) {
            this(lease, Optional.empty());
        }
    }

    /** Start as replica of {@code upstream}, or of nobody. */
    record StartReplica(Optional<Upstream> upstream) implements TaskSpec {}

    /**
     * Stop.
     *
     * @param by from here on it is stopped by force
     * @param checkpointFirst whether a checkpoint is taken while clients still work, so that the one at the end is short
     */
    record StopPostgres(StopMode mode, Moment by, boolean checkpointFirst) implements TaskSpec {}

    /**
     * Make the running replica a primary under {@code lease}: guard first, term looked at once more.
     *
     * @param names whom its commits wait for from the first one on; empty for what the settings say
     */
    record Promote(LeaseId lease, Optional<SyncNames> names) implements TaskSpec {
        public Promote(LeaseId lease) {
            this(lease, Optional.empty());
        }
    }

    /** Ask the operator's program whether the running replica may be promoted under {@code lease}. */
    record PrePromote(LeaseId lease) implements TaskSpec {}

    /** Make the running replica follow {@code upstream}, without a restart where PostgreSQL allows it. */
    record Follow(Optional<Upstream> upstream) implements TaskSpec {}

    /**
     * Copy these logical slots from the leader. The replica is stopped for it, and starts like any that is down: it reads
     * its slots as it starts.
     *
     * @param by from here on it is stopped by force
     */
    record CarrySlots(Upstream from, SortedMap<String, LogicalSlot> slots, Moment by) implements TaskSpec {
        public CarrySlots {
            slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
        }
    }

    /** Move what is in the data directory aside: it is of no cluster and must not be started again. */
    record MoveAside(String why) implements TaskSpec {}

    /** A checkpoint beside serving, so that others can rewind against us. Does not own the data directory. */
    record Checkpoint() implements TaskSpec {}

    /** How to stop, in PostgreSQL's words. */
    enum StopMode {
        FAST,
        IMMEDIATE
    }

    /** Whom to follow or to copy from, and the slot we have there; empty text for none. */
    record Upstream(MemberName name, HostPort address, String slot) {}

    default boolean ownsDataDirectory() {
        return !(this instanceof Checkpoint);
    }

    /** Whether it ends with a server that accepts writes: fence and guard are armed before. */
    default boolean makesWriter() {
        return this instanceof Promote || this instanceof StartPrimary;
    }

    /** For logs and for {@code why}: {@code StopPostgres(fast)}. */
    default String brief() {
        return switch (this) {
            case StopPostgres s -> "StopPostgres(" + s.mode().name().toLowerCase(java.util.Locale.ROOT) + ")";
            case BaseBackup b ->
                "BaseBackup(" + b.from().map(from -> from.name().value()).orElse("nobody") + ")";
            case Rewind r -> "Rewind(" + r.from().name() + ")";
            case StartReplica r ->
                "StartReplica(" + r.upstream().map(u -> u.name().value()).orElse("nobody") + ")";
            case Follow f -> "Follow(" + f.upstream().map(u -> u.name().value()).orElse("nobody") + ")";
            case InitDb i -> "InitDb";
            case PostBootstrap p -> "PostBootstrap";
            case StartPrimary p -> "StartPrimary";
            case PrePromote p -> "PrePromote";
            case Promote p -> "Promote";
            case CarrySlots c -> "CarrySlots(" + String.join(", ", c.slots().keySet()) + ")";
            case MoveAside m -> "MoveAside";
            case Checkpoint c -> "Checkpoint";
        };
    }
}
