package pgha.agent.ha;

import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.BaseBackup;
import pgha.agent.ha.TaskSpec.Follow;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.RunState;
import pgha.dcs.model.StandbyCluster;

/**
 * The leader of a standby cluster: in recovery like all the others, and the one that reads from outside. Pure.
 *
 * <p>It writes nothing, so that there is nothing to fence: the leader key decides who reads from outside, and where the
 * address is. Which timeline is the right one is for the remote to say.
 */
final class WhenStandby {
    private WhenStandby() {}

    /** Where the leader of a standby cluster reads from; empty if this is none, or if all comes from an archive. */
    static Optional<Upstream> upstream(Situation s) {
        return s.settings().standby().flatMap(WhenStandby::upstream);
    }

    private static Optional<Upstream> upstream(StandbyCluster standby) {
        return standby.remote()
                .map(remote -> new Upstream(
                        new MemberName(remote.host()), remote, standby.slot().orElse("")));
    }

    /**
     * What is to be done about the address of a leader that clients may read from; empty if it is not here. It is fenced by
     * nobody, paused or not: its address always goes with its lifetime.
     */
    static Optional<List<Action>> address(Situation s, Leadership leadership) {
        boolean serves = s.state().leadsStandbyCluster() && s.postgres() instanceof PostgresView.Replica;
        return serves && leadership instanceof Held held ? Optional.of(address(s, held.term())) : Optional.empty();
    }

    private static List<Action> address(Situation s, LeaseTerm term) {
        return s.lacksVip() ? List.of(new Action.BindVip(term.lease(), false)) : List.of();
    }

    /** We hold the lease. Empty for what is decided as in any other cluster. */
    static Optional<Decision> decide(Situation s, LeaseTerm term) {
        return s.settings().standby().flatMap(standby -> switch (s.postgres()) {
            case PostgresView.Primary primary -> Optional.of(demote(s, standby));
            case PostgresView.Replica replica ->
                Optional.of(s.tenure().armed() ? demote(s, standby) : lead(s, term, standby, replica.sql()));
            case PostgresView.Starting starting ->
                Optional.of(Decision.of(Reason.REPLICA_STARTING)).filter(d -> !starting.asPrimary());
            case PostgresView.Stopped stopped -> Optional.of(start(s, term, standby));
            case PostgresView.Absent absent -> Optional.of(copy(s, term, standby));
            case PostgresView.Unresponsive unresponsive -> Optional.empty();
            case PostgresView.Unusable unusable -> Optional.empty();
            case PostgresView.Unseen unseen -> Optional.empty();
            case PostgresView.Stopping stopping -> Optional.empty();
        });
    }

    /** The cluster became a copy of another one while this server wrote, or was told to promote. */
    private static Decision demote(Situation s, StandbyCluster standby) {
        return Decision.of(Reason.DEMOTE_CLUSTER, standby).start(new StopPostgres(StopMode.FAST, s.stopBy(), true));
    }

    private static Decision lead(Situation s, LeaseTerm term, StandbyCluster standby, Sql me) {
        Optional<Decision> asked = SwitchoverRules.whileLeading(s);
        if (asked.flatMap(Decision::task).isPresent()) {
            // Nothing was written here that somebody could lack: the server goes on, and follows whoever takes over.
            return Decision.of(Reason.HAND_OVER_STANDBY).then(GiveUp.actions(s, term, Optional.of(me.position())));
        }
        return asked.orElseGet(() -> follow(s, term, standby, me));
    }

    private static Decision follow(Situation s, LeaseTerm term, StandbyCluster standby, Sql me) {
        Optional<Upstream> wanted = upstream(standby);
        boolean follows = me.upstream().equals(wanted.map(Upstream::address))
                && me.upstreamSlot().equals(wanted.map(Upstream::slot).orElse(""));
        Optional<Failures.Failure> failed = s.failures().recent(Follow.class, s.now());
        if (!follows && failed.isEmpty()) {
            return Decision.of(Reason.FOLLOW_NEW, standby).start(new Follow(wanted));
        }
        Decision lead = Decision.of(
                Reason.LEAD_STANDBY,
                standby,
                failed.map(failure -> ": " + failure.sentence())
                        .orElse(me.streaming() || me.restoring() ? "" : ", from which nothing comes"));
        return lead.then(address(s, term));
    }

    private static Decision start(Situation s, LeaseTerm term, StandbyCluster standby) {
        return s.failures()
                .recent(StartReplica.class, s.now())
                .map(failure -> WhenLeading.resign(s, term, failure.sentence()))
                .orElseGet(() -> Decision.of(Reason.START_REPLICA, standby).start(new StartReplica(upstream(standby))));
    }

    private static Decision copy(Situation s, LeaseTerm term, StandbyCluster standby) {
        Optional<String> obstacle = s.failures()
                .recent(BaseBackup.class, s.now())
                .map(Failures.Failure::sentence)
                .or(() -> standby.remote().isPresent()
                        ? Optional.empty()
                        : Optional.of("there is no data directory, and standby_cluster names no host to clone from"));
        return obstacle.map(why -> WhenLeading.resign(s, term, why)).orElseGet(() -> Decision.of(Reason.CLONE, standby)
                .start(new BaseBackup(upstream(standby).orElseThrow())));
    }

    /**
     * Nobody leads, and nothing is here. Whoever takes the key clones the remote; if others have data, one of them is to
     * lead. Empty unless this is a standby cluster, or is to become one.
     */
    static Optional<Decision> begin(Situation s) {
        boolean settled = s.view().settings().isPresent();
        boolean isStandby =
                settled ? s.settings().standby().isPresent() : s.self().beginsAsStandby();
        if (!isStandby) {
            return Optional.empty();
        }
        return Optional.of(settled ? beginSettled(s) : publishFirst(s));
    }

    /** Before anybody acts on them, the others must be able to know what the cluster is. */
    private static Decision publishFirst(Situation s) {
        return Decision.of(Reason.BEGIN_STANDBY)
                .then(new Action.PublishSettings(s.self().bootstrapSettings(), Revision.ZERO));
    }

    private static Decision beginSettled(Situation s) {
        boolean othersRun = s.view().members().values().stream()
                .anyMatch(m -> !m.name().equals(s.self().name()) && m.state() == RunState.RUNNING);
        if (othersRun) {
            return Decision.of(Reason.NOTHING_TO_CLONE_FROM);
        }
        return s.failures()
                .recent(BaseBackup.class, s.now())
                .map(failure -> Decision.of(Reason.YIELD, failure.sentence()).lookAgainAt(failure.retryAt(), s.now()))
                .orElseGet(() -> Decision.of(Reason.BEGIN_STANDBY)
                        .then(new Action.AcquireLease(s.view().revision())));
    }
}
