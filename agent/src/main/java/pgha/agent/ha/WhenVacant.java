package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Candidacy.Eligible;
import pgha.agent.ha.Candidacy.Ineligible;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** Nobody holds the lease: find out who should, and stand if that is us. */
final class WhenVacant {
    private WhenVacant() {}

    static Decision decide(Situation s, Revision since) {
        return switch (s.postgres()) {
            case PostgresView.Replica replica -> race(s, since, replica.sql());
            case PostgresView.Primary primary -> reclaim(s, primary.sql());
            case PostgresView.Unresponsive u ->
                u.wasPrimary() ? reclaim(s, u.last()) : Decision.of(Reason.REPLICA_UNRESPONSIVE, u.complaint());
            case PostgresView.Stopped stopped -> start(s, stopped.control());
            case PostgresView.Starting starting -> Decision.of(Reason.REPLICA_STARTING);
            case PostgresView.Absent absent -> Bootstrap.begin(s);
            case PostgresView.Unusable unusable -> Decision.of(Reason.UNUSABLE_DIRECTORY, unusable.why());
            case PostgresView.Unseen unseen -> Decision.of(Reason.LOOKING);
            case PostgresView.Stopping stopping -> Decision.of(Reason.STEPPING_DOWN, "still");
        };
    }

    private static Decision start(Situation s, ControlFacts control) {
        return Bootstrap.ofStopped(s, control)
                .or(() -> s.failures().recent(StartReplica.class, s.now()).map(failure -> Decision.of(
                                Reason.YIELD, failure.sentence())
                        .lookAgainAt(failure.retryAt(), s.now())))
                .orElseGet(() -> Decision.of(Reason.START_TO_RACE).start(new StartReplica(Optional.empty())));
    }

    /** We were primary and the key is gone. See scenarios/vacant/stale-primary-wakes-up.txt for why the timeline decides. */
    private static Decision reclaim(Situation s, Sql me) {
        if (me.timeline().isBehind(s.clusterTimeline())) {
            return Decision.of(Reason.DEMOTE_STALE, me.timeline(), s.clusterTimeline())
                    .start(new StopPostgres(StopMode.IMMEDIATE, s.now(), false));
        }
        return Succession.objectionToGoingOn(s)
                .map(why -> Decision.of(Reason.DEMOTE_UNCOVERED, why)
                        .start(new StopPostgres(StopMode.IMMEDIATE, s.now(), false)))
                .orElseGet(() -> Decision.of(Reason.RECLAIM)
                        .then(new Action.AcquireLease(s.view().revision())));
    }

    private static Decision race(Situation s, Revision since, Sql me) {
        if (forgotten(s) && s.state().cluster().lastLeader().isEmpty()) {
            return Decision.of(Reason.UNKNOWN_CLUSTER);
        }
        if (s.now().isBefore(s.tenure().standAgainAt())) {
            return Decision.of(
                            Reason.YIELD,
                            "we gave the leader key back and leave it to others for "
                                    + s.until(s.tenure().standAgainAt()))
                    .lookAgainAt(s.tenure().standAgainAt(), s.now());
        }
        Optional<Failures.Failure> fenced = s.failures().recent(TaskSpec.PrePromote.class, s.now());
        if (fenced.isPresent()) {
            return Decision.of(Reason.YIELD, fenced.get().sentence())
                    .lookAgainAt(fenced.get().retryAt(), s.now());
        }
        Optional<Decision> backoff = RaceBackoff.decide(s, me);
        if (backoff.isPresent()) {
            return backoff.get();
        }
        return SwitchoverRules.whileVacant(s, me).orElseGet(() -> canvass(s, since, me));
    }

    private static Decision canvass(Situation s, Revision since, Sql me) {
        if (s.peers().isEmpty()) {
            return stand(s, me, Polling.nobody(since, s.now()));
        }
        Optional<Polling> polling = Canvassing.about(since, s);
        if (polling.isEmpty()) {
            Decision ask = Decision.of(Reason.CANVASS, since, Canvassing.names(s.peers()));
            return Canvassing.begin(ask, since, s.peers(), s);
        }
        return polling.get().isConcludedAt(s.now())
                ? stand(s, me, polling.get())
                : Decision.of(
                                Reason.CANVASS_WAIT,
                                since,
                                Canvassing.names(polling.get().silent()))
                        .lookAgainAt(polling.get().concludesAt(), s.now());
    }

    /** The store has lost the cluster. Who has seen it led knows whom to ask, and may stand if all of them answer. */
    private static boolean forgotten(Situation s) {
        return s.view().initialize() instanceof InitializeKey.Absent;
    }

    /** Who led last is behind nobody: it needs to hear only that no other writes. */
    private static boolean suffices(Polling polling, Situation s) {
        boolean weLed =
                s.state().cluster().lastLeader().filter(s.self().name()::equals).isPresent();
        return weLed ? polling.spoke().size() == polling.asked().size() : polling.allSpoke();
    }

    private static Decision stand(Situation s, Sql me, Polling polling) {
        if (forgotten(s) && !suffices(polling, s)) {
            return Decision.of(Reason.UNKNOWN_CLUSTER).lookAgainAt(askAgainAt(polling), s.now());
        }
        return switch (Candidacy.assess(s, me, polling)) {
            case Eligible eligible ->
                Decision.of(Reason.STAND, eligible.sentence())
                        .then(new Action.AcquireLease(s.view().revision()));
            case Ineligible ineligible ->
                Decision.of(Reason.YIELD, String.join("; ", ineligible.objections()))
                        .lookAgainAt(askAgainAt(polling), s.now());
        };
    }

    private static Moment askAgainAt(Polling polling) {
        return Moment.later(polling.concludesAt(), polling.askedAt()).plus(Duration.ofSeconds(1));
    }
}
