package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;

/** What an operator's request to hand over means to this node now. Pure. */
final class SwitchoverRules {
    /** How long the others leave the leader key to the one that the operator named. */
    private static final Duration COURTESY = Duration.ofSeconds(2);

    private SwitchoverRules() {}

    /** A request to act on now: a scheduled one is left where it is until its time. */
    private static Optional<SwitchoverRequest> request(Situation s) {
        return s.state().openRequest(s.now());
    }

    private static boolean isForUsToStepDown(SwitchoverRequest request, Situation s) {
        MemberName self = s.self().name();
        boolean fromUs = request.leader().map(self::equals).orElse(true);
        boolean toUs = request.candidate().filter(self::equals).isPresent();
        return fromUs && !toUs;
    }

    /** Whether we are to give leadership away, and have not yet. */
    static boolean isStandingAside(Situation s) {
        return request(s)
                .filter(request -> isForUsToStepDown(request, s))
                .filter(request -> !hasBeenTried(request, s))
                .isPresent();
    }

    private static boolean hasBeenTried(SwitchoverRequest request, Situation s) {
        return s.tenure().steppedDownFor().filter(request.revision()::equals).isPresent();
    }

    /** Whether the operator wants us to lead. */
    static boolean isForUsToLead(Situation s) {
        return request(s)
                .flatMap(SwitchoverRequest::candidate)
                .filter(s.self().name()::equals)
                .isPresent();
    }

    /** A request that the present leader has nothing left to do for. */
    static Optional<Revision> doneWith(Situation s) {
        return s.view()
                .request()
                .filter(request -> Agenda.isOpen(s.state(), request, s.now())
                        ? !isForUsToStepDown(request, s)
                        : isOver(request, s))
                .map(SwitchoverRequest::revision);
    }

    /** One that waited for its time: that is over, or somebody has been elected since it was asked for. */
    private static boolean isOver(SwitchoverRequest request, Situation s) {
        boolean elected = s.view()
                .leader()
                .filter(leader -> leader.created().isAfter(request.revision()))
                .isPresent();
        return elected || Agenda.isMissed(s.state(), request, s.now());
    }

    static Optional<Decision> whileLeading(Situation s) {
        return request(s).filter(request -> isForUsToStepDown(request, s)).map(request -> prepare(s, request));
    }

    /** In pause nobody chooses for the operator. */
    static Optional<Decision> whileLeadingInPause(Situation s) {
        return request(s)
                .filter(request -> isForUsToStepDown(request, s))
                .map(request -> request.candidate().isPresent()
                        ? prepare(s, request)
                        : impossible(request, "in pause only to a member that is named"));
    }

    private static Decision prepare(Situation s, SwitchoverRequest request) {
        if (hasBeenTried(request, s)) {
            return impossible(request, "nobody took over, and we lead again");
        }
        SortedSet<MemberName> candidates = candidates(s, request);
        if (candidates.isEmpty()) {
            return impossible(
                    request,
                    Succession.inForce(s).isPresent()
                            ? "nobody who could take over has every acknowledged commit"
                            : "no member could take over");
        }
        Optional<Polling> polling = Canvassing.about(request.revision(), s);
        if (polling.isEmpty()) {
            Decision ask = Decision.of(Reason.SWITCHOVER_CANVASS, target(request));
            return Canvassing.begin(ask, request.revision(), candidates, s);
        }
        Optional<PeerAnswer.Spoke> good =
                polling.get().spoke().stream().filter(peer -> isGood(peer, s)).findFirst();
        if (good.isPresent()) {
            return Decision.of(Reason.SWITCHOVER, target(request))
                    .start(new StopPostgres(StopMode.FAST, s.stopBy(), true));
        }
        return polling.get().isConcludedAt(s.now())
                ? impossible(request, "no good candidates have been found among " + Canvassing.names(candidates))
                : Decision.of(Reason.SWITCHOVER_CANVASS, target(request))
                        .lookAgainAt(polling.get().concludesAt(), s.now());
    }

    private static SortedSet<MemberName> candidates(Situation s, SwitchoverRequest request) {
        SortedSet<MemberName> names = new TreeSet<>();
        s.view().members().values().stream()
                .filter(member -> !member.name().equals(s.self().name()))
                .filter(member -> !member.tags().noFailover() && member.apiUrl().isPresent())
                .filter(member -> request.candidate().map(member.name()::equals).orElse(true))
                .filter(member -> Succession.maySucceed(s, member.name()))
                .forEach(member -> names.add(member.name()));
        return names;
    }

    private static boolean isGood(PeerAnswer.Spoke peer, Situation s) {
        if (peer.mayWrite() || !peer.mayLead() || peer.position().isEmpty()) {
            return false;
        }
        ByteCount behind = lastKnown(s).minus(peer.position().get());
        return !hasBranchedOff(peer, s) && !behind.exceeds(s.settings().maximumLagOnFailover());
    }

    /** What it has of an older timeline goes beyond where that was left: it would have to be rewound before it follows. */
    private static boolean hasBranchedOff(PeerAnswer.Spoke peer, Situation s) {
        return peer.timeline()
                .flatMap(theirs -> Divergence.endOf(s, s.reachedTimeline(), theirs))
                .filter(end -> peer.position().filter(at -> at.isAheadOf(end)).isPresent())
                .isPresent();
    }

    private static Lsn lastKnown(Situation s) {
        return s.view().status().map(ClusterStatus::lastLsn).orElse(Lsn.ZERO);
    }

    private static Decision impossible(SwitchoverRequest request, String why) {
        return Decision.of(Reason.SWITCHOVER_IMPOSSIBLE, why).then(new Action.ClearSwitchover(request.revision()));
    }

    private static String target(SwitchoverRequest request) {
        return request.candidate().map(MemberName::value).orElse("the best of the others");
    }

    /** The old leader has stepped down as asked: who goes first. Empty if the race is open. */
    static Optional<Decision> whileVacant(Situation s, Sql me) {
        Moment openAt = s.state().cluster().vacantSeenAt().orElse(s.now()).plus(COURTESY);
        Optional<SwitchoverRequest> present =
                s.view().request().filter(request -> Agenda.isNear(s.state(), request, s.now()));
        if (present.isEmpty() || !s.now().isBefore(openAt)) {
            return Optional.empty();
        }
        SwitchoverRequest request = present.get();
        MemberName self = s.self().name();
        if (request.candidate().filter(self::equals).isPresent()) {
            // A key that went in any other way may have a leader that still writes: then it asks, as in any race. So it
            // does where having every commit takes the word of others.
            boolean asksNobody = s.view().handedOver() && Succession.votesWanted(s) == 0;
            return asksNobody ? Optional.of(asCandidate(s, me, openAt)) : Optional.empty();
        }
        if (request.leader().filter(self::equals).isPresent()) {
            return Optional.of(leave(s, "we were asked to step down", openAt));
        }
        return request.candidate()
                .filter(candidate -> s.view().member(candidate).isPresent())
                .map(candidate -> leave(s, "the operator named " + candidate, openAt));
    }

    /** Zero loss: the one named stands at once only if it has all that the last primary wrote. */
    private static Decision asCandidate(Situation s, Sql me, Moment openAt) {
        if (me.timeline().isBehind(s.clusterTimeline())) {
            return leave(
                    s,
                    "named as candidate but on timeline %s, behind %s".formatted(me.timeline(), s.clusterTimeline()),
                    openAt);
        }
        Optional<String> objection = Succession.objection(s);
        if (objection.isPresent()) {
            return leave(s, "named as candidate but " + objection.get(), openAt);
        }
        Lsn last = lastKnown(s);
        return last.isAheadOf(me.position())
                ? leave(s, "named as candidate but at %s, behind %s".formatted(me.position(), last), openAt)
                : Decision.of(Reason.STAND_AS_ASKED)
                        .then(new Action.AcquireLease(s.view().revision()));
    }

    private static Decision leave(Situation s, String why, Moment openAt) {
        return Decision.of(Reason.YIELD, why).lookAgainAt(openAt, s.now());
    }
}
