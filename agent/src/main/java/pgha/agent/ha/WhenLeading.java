package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.Promote;
import pgha.agent.ha.TaskSpec.StartPrimary;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Timeline;

/** We hold the lease. */
final class WhenLeading {
    private WhenLeading() {}

    static Decision decide(Situation s, LeaseTerm term) {
        Optional<String> watchdog = s.state().local().watchdogFailure();
        return watchdog.isPresent() && !(s.postgres() instanceof PostgresView.Unseen)
                ? resign(s, term, watchdog.get())
                : asFound(s, term);
    }

    private static Decision asFound(Situation s, LeaseTerm term) {
        if (s.isInFlight(ActionKey.RELEASE) && !s.postgres().mayWrite()) {
            // Whatever is wanted now, nothing begins to write under a lease that may be going. See
            // scenarios/switchover/release-not-answered.txt.
            return Decision.of(Reason.GIVING);
        }
        if (!s.state().cluster().isComplete() && !s.postgres().mayWrite()) {
            // Somebody may have led and served between the last view and our taking the key.
            return Decision.of(Reason.CATCHING_UP);
        }
        if (s.tenure().doubt() && !s.postgres().mayWrite()) {
            return settle(s);
        }
        return WhenStandby.decide(s, term).orElseGet(() -> asPrimary(s, term));
    }

    private static Decision asPrimary(Situation s, LeaseTerm term) {
        return switch (s.postgres()) {
            case PostgresView.Primary primary -> lead(s, term, primary.sql());
            case PostgresView.Replica replica -> become(s, term, replica.sql());
            case PostgresView.Starting starting -> starting(s, term);
            case PostgresView.Stopped stopped -> restart(s, term, stopped.control());
            case PostgresView.Unresponsive u -> unresponsive(s, term, u);
            case PostgresView.Absent absent -> resign(s, term, "there is no data directory");
            case PostgresView.Unusable unusable -> resign(s, term, unusable.why());
            case PostgresView.Unseen unseen -> Decision.of(Reason.LOOKING);
            case PostgresView.Stopping stopping -> Decision.of(Reason.STEPPING_DOWN, "still");
        };
    }

    /** An attempt that was not answered may still put the key under a lease that nobody renews: nothing is begun on that. */
    private static Decision settle(Situation s) {
        if (LeaseLength.wouldShorten(s)) {
            return LeaseLength.keepLonger(s);
        }
        Decision decision = Decision.of(Reason.REBIND);
        return s.view()
                .leader()
                .filter(leader -> !s.isInFlight(ActionKey.ACQUIRE))
                .map(leader -> decision.then(LeaseLength.rebind(s, leader.modified())))
                .orElse(decision);
    }

    private static Decision lead(Situation s, LeaseTerm term, Sql me) {
        if (s.view().initialize() instanceof InitializeKey.Claimed) {
            return Bootstrap.finish(s);
        }
        Optional<Timeline> overlooked = s.state().cluster().overlooked().filter(me.timeline()::isBehind);
        if (overlooked.isPresent()) {
            // Another led while we were told of nothing. See scenarios/vacant/primary-with-an-old-view.txt.
            return resign(s, term, "timeline %s is behind the cluster's %s".formatted(me.timeline(), overlooked.get()));
        }
        return SwitchoverRules.whileLeading(s).orElseGet(() -> {
            Decision serve = Decision.of(Reason.SERVE);
            Decision whole = s.lacksVip() ? serve.then(new Action.BindVip(term.lease(), true)) : serve;
            return LeaseLength.adjusted(whole, s, term);
        });
    }

    /** In recovery under our own lease: elected just now, or back from a time without the store. */
    private static Decision become(Situation s, LeaseTerm term, Sql me) {
        if (nobodyLedSinceWeParked(s)) {
            // A promotion would start a new timeline and send every replica after it, for nothing.
            return Decision.of(
                            Reason.RESUME_PRIMARY,
                            s.tenure().parked().orElseThrow().timeline())
                    .start(new StopPostgres(StopMode.FAST, term.demoteAt(), false));
        }
        if (me.timeline().isBehind(s.clusterTimeline())) {
            // Nobody who was elected is: somebody wrote our name into the key.
            return resign(
                    s, term, "timeline %s is behind the cluster's %s".formatted(me.timeline(), s.clusterTimeline()));
        }
        return s.failures()
                .recent(Promote.class, s.now())
                .map(failure -> resign(s, term, failure.sentence()))
                .or(() -> Succession.beforeWriting(s, term))
                .or(() -> ScriptMemory.beforePromoting(s, term))
                .orElseGet(() -> Decision.of(Reason.PROMOTE).start(new Promote(term.lease(), Succession.names(s))));
    }

    static boolean nobodyLedSinceWeParked(Situation s) {
        Optional<LeaderRecord> leader = s.view().leader();
        return s.tenure()
                .parked()
                .filter(parked -> leader.filter(l -> l.created().equals(parked.leaderCreated()))
                        .isPresent())
                .filter(parked -> !parked.timeline().isBehind(s.clusterTimeline()))
                .isPresent();
    }

    private static Decision starting(Situation s, LeaseTerm term) {
        Moment giveUpAt = giveUpAt(s);
        if (s.now().isBefore(giveUpAt)) {
            return Decision.of(Reason.PRIMARY_STARTING, s.until(giveUpAt)).lookAgainAt(giveUpAt, s.now());
        }
        return Relief.isAtHand(s)
                ? resign(s, term, "PostgreSQL did not come up within primary_start_timeout, and others can take over")
                : Decision.of(Reason.PRIMARY_OVERDUE);
    }

    /** Until when a crashed primary may try to come back before another takes over. */
    static Moment giveUpAt(Situation s) {
        return s.state().local().crashedAt().orElse(s.now()).plus(s.settings().primaryStartTimeout());
    }

    /**
     * Down under our own lease: back as primary, so that no timeline is begun and no replica has to follow; unless it
     * takes longer than the settings allow, or has failed before.
     */
    private static Decision restart(Situation s, LeaseTerm term, ControlFacts control) {
        // After a crash nobody knows where we ended: it comes up first, and hands over in order then.
        if (SwitchoverRules.isStandingAside(s) && control.leftAs() == LeftAs.SHUT_DOWN) {
            return handOver(s, term, s.state().local().lastShutDown().orElse(control.position()));
        }
        Optional<Failures.Failure> failed = startFailure(s);
        if (failed.isPresent()) {
            return resign(s, term, failed.get().sentence());
        }
        boolean crashed = s.state().local().crashedAt().isPresent();
        if (crashed && !s.now().isBefore(giveUpAt(s)) && Relief.isAtHand(s)) {
            return resign(s, term, "primary_start_timeout is over and others can take over");
        }
        if (isLeftBehind(s, control)) {
            return resign(
                    s,
                    term,
                    "timeline %s is behind the cluster's %s".formatted(control.timeline(), s.clusterTimeline()));
        }
        if (isToRace(s, control)) {
            return Decision.of(Reason.START_TO_RACE).start(new StartReplica(Optional.empty()));
        }
        return Succession.beforeWriting(s, term).orElseGet(() -> Decision.of(Reason.START_PRIMARY)
                .start(new StartPrimary(term.lease(), Succession.names(s))));
    }

    /** What a new cluster was made from may be a replica's backup, but nobody else has its data to race with. */
    private static boolean isToRace(Situation s, ControlFacts control) {
        boolean isBeingMade = s.view().initialize() instanceof InitializeKey.Claimed
                && s.state().genesis().isUnderWay();
        return control.wasReplica() && !isBeingMade && !nobodyLedSinceWeParked(s);
    }

    /** Of the one that nobody else can take over, because it is being made, only what it would be too early to repeat. */
    private static Optional<Failures.Failure> startFailure(Situation s) {
        boolean isNew = s.view().initialize() instanceof InitializeKey.Claimed;
        Optional<Failures.Failure> asPrimary = isNew
                ? s.failures().recent(StartPrimary.class, s.now())
                : s.failures().of(StartPrimary.class);
        return asPrimary.or(() -> s.failures().recent(Promote.class, s.now())).or(() -> s.failures()
                .recent(StartReplica.class, s.now()));
    }

    /**
     * Somebody wrote the name of a primary of old into the key. Right after a promotion the files name the timeline
     * before: one that has served under our eyes is not judged by them. See rejoin/old-primary-named-by-hand.txt.
     */
    private static boolean isLeftBehind(Situation s, ControlFacts control) {
        boolean servedJustNow = s.state().local().crashedAt().isPresent() || nobodyLedSinceWeParked(s);
        return !servedJustNow && !control.wasReplica() && control.timeline().isBehind(s.clusterTimeline());
    }

    private static Decision unresponsive(Situation s, LeaseTerm term, PostgresView.Unresponsive u) {
        return u.wasPrimary()
                ? Decision.of(Reason.SERVE_UNRESPONSIVE, u.complaint())
                : resign(s, term, "the replica does not answer and cannot be promoted: " + u.complaint());
    }

    private static Decision handOver(Situation s, LeaseTerm term, Lsn end) {
        return Decision.of(Reason.HAND_OVER, end).then(GiveUp.actions(s, term, Optional.of(end)));
    }

    /**
     * A server that writes, or that may have been told to promote, is stopped before anything is given back: a replica
     * under an armed guard, though it may not answer yet; and one that answers no more may have gone on promoting unseen,
     * whether anybody still watches it or not.
     */
    static Decision resign(Situation s, LeaseTerm term, String why) {
        boolean recovers = s.postgres() instanceof PostgresView.Replica;
        boolean starts = s.postgres() instanceof PostgresView.Starting;
        boolean mayPromote = (recovers || starts) && s.tenure().armed();
        boolean silent = s.postgres() instanceof PostgresView.Unresponsive;
        if (s.postgres().mayWrite() || silent || mayPromote) {
            StopMode mode = recovers ? StopMode.FAST : StopMode.IMMEDIATE;
            return Decision.of(Reason.RESIGN, why).start(new StopPostgres(mode, term.demoteAt(), false));
        }
        return Decision.of(Reason.RESIGN, why)
                .then(GiveUp.actions(s, term, s.state().local().lastShutDown()));
    }
}
