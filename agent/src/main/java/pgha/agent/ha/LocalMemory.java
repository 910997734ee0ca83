package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;

/**
 * What a node remembers of its PostgreSQL and its addresses.
 *
 * <p>Immutable.
 *
 * @param lookedAt when the look began that {@code observation} is from
 * @param lastSql what PostgreSQL last answered under its present pid
 * @param crashedAt when a primary of ours died; empty once it serves again or is given up
 * @param lastShutDown where the last orderly stop ended
 * @param outdatedBefore what was seen before this moment does not count: a task has changed things since
 * @param strayingSince since when a running replica does not stream
 * @param watchdogFailure why this node must not lead: a watchdog is required and cannot be used
 * @param advancedAt when a running replica was last seen further than before
 * @param upstreamWas how far the upstream was when a running replica was first seen to stream from it; empty while it does not
 */
public record LocalMemory(
        Observation observation,
        Moment lookedAt,
        Optional<Sql> lastSql,
        Optional<Moment> crashedAt,
        VipState vip,
        Optional<Lsn> lastShutDown,
        Moment outdatedBefore,
        Optional<Moment> strayingSince,
        Optional<String> watchdogFailure,
        Moment advancedAt,
        Optional<Lsn> upstreamWas) {

    static LocalMemory nothing(boolean hasVip) {
        return new LocalMemory(
                Observation.NONE,
                Moment.EARLIEST,
                Optional.empty(),
                Optional.empty(),
                hasVip ? VipState.UNKNOWN : VipState.NOT_CONFIGURED,
                Optional.empty(),
                Moment.EARLIEST,
                Optional.empty(),
                Optional.empty(),
                Moment.EARLIEST,
                Optional.empty());
    }

    LocalMemory saw(Observation next, Moment at) {
        if (at.isBefore(outdatedBefore)) {
            return this;
        }
        boolean samePid = next.pid().equals(observation.pid());
        boolean strays =
                next.sql().filter(sql -> sql.inRecovery() && !sql.streaming()).isPresent();
        boolean serves = next.sql().filter(sql -> !sql.inRecovery()).isPresent();
        return new LocalMemory(
                next,
                at,
                next.sql().or(() -> samePid ? lastSql : Optional.empty()),
                serves ? Optional.empty() : crashedAt,
                vip,
                serves ? Optional.empty() : lastShutDown,
                Moment.EARLIEST,
                strays ? strayingSince.or(() -> Optional.of(at)) : Optional.empty(),
                watchdogFailure,
                hasAdvanced(next) ? at : advancedAt,
                next.sql().filter(Sql::streaming).flatMap(sql -> upstreamWas.or(sql::latestEnd)));
    }

    /** Whether a running replica has all that its upstream had when it began to stream from it. */
    boolean hasCaughtUp() {
        return observation.sql().filter(Sql::streaming).map(Sql::position).stream()
                .anyMatch(position ->
                        upstreamWas.filter(end -> !end.isAheadOf(position)).isPresent());
    }

    private boolean hasAdvanced(Observation next) {
        return observation.sql().filter(Sql::inRecovery).isPresent()
                && next.sql()
                        .filter(Sql::inRecovery)
                        .filter(sql ->
                                sql.position().isAheadOf(observation.sql().get().position()))
                        .isPresent();
    }

    /** What was read from the files before says nothing about what the postmaster left. */
    LocalMemory postmasterExited(int pid, boolean wasStopped, Moment now) {
        if (observation.pid().filter(seen -> seen == pid).isEmpty()) {
            return this;
        }
        boolean wasPrimary = lastSql.filter(sql -> !sql.inRecovery()).isPresent();
        return new LocalMemory(
                new Observation(new Directory.Unread(), Optional.empty(), Optional.empty(), "the postmaster is gone"),
                now,
                Optional.empty(),
                wasPrimary && !wasStopped ? Optional.of(now) : crashedAt,
                vip,
                lastShutDown,
                now,
                Optional.empty(),
                watchdogFailure,
                advancedAt,
                Optional.empty());
    }

    /** A task has changed what is on disk or what runs: only a later look counts. */
    LocalMemory outdated(Moment now) {
        return new LocalMemory(
                observation,
                lookedAt,
                lastSql,
                crashedAt,
                vip,
                lastShutDown,
                now,
                strayingSince,
                watchdogFailure,
                advancedAt,
                upstreamWas);
    }

    /** Whether a new look at PostgreSQL is waited for. */
    public boolean isOutdated() {
        return !outdatedBefore.equals(Moment.EARLIEST);
    }

    LocalMemory vip(VipState state) {
        return new LocalMemory(
                observation,
                lookedAt,
                lastSql,
                crashedAt,
                state,
                lastShutDown,
                outdatedBefore,
                strayingSince,
                watchdogFailure,
                advancedAt,
                upstreamWas);
    }

    LocalMemory shutDownAt(Optional<Lsn> checkpoint) {
        return new LocalMemory(
                observation,
                lookedAt,
                lastSql,
                crashedAt,
                vip,
                checkpoint,
                outdatedBefore,
                strayingSince,
                watchdogFailure,
                advancedAt,
                upstreamWas);
    }

    LocalMemory gaveUpRecovery() {
        return new LocalMemory(
                observation,
                lookedAt,
                lastSql,
                Optional.empty(),
                vip,
                lastShutDown,
                outdatedBefore,
                strayingSince,
                watchdogFailure,
                advancedAt,
                upstreamWas);
    }

    LocalMemory watchdog(Optional<String> failure) {
        return new LocalMemory(
                observation,
                lookedAt,
                lastSql,
                crashedAt,
                vip,
                lastShutDown,
                outdatedBefore,
                strayingSince,
                failure,
                advancedAt,
                upstreamWas);
    }
}
