package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Leadership.Unknown;
import pgha.agent.ha.Leadership.Vacant;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;

/**
 * What an operator may order of the whole cluster in pause: that a member that he names leads. Pure.
 *
 * <p>Then, and only for that, rules are asked that do not count in pause otherwise: to stop the old primary, to promote
 * the candidate under fence and guard, to start the old primary again as what it is then. Replicas are told whom to
 * follow, which needs no restart.
 */
final class HandOverInPause {
    private HandOverInPause() {}

    static Optional<Decision> decide(Situation s, Leadership leadership) {
        if (s.task().isPresent()) {
            return Optional.empty();
        }
        return switch (leadership) {
            case Held held -> whileLeading(s, held.term());
            case Vacant vacant -> whileVacant(s, vacant.since());
            case HeldByOther other -> whileFollowing(s, other.leader());
            case Unknown unknown -> Optional.empty();
        };
    }

    private static Optional<Decision> whileLeading(Situation s, LeaseTerm term) {
        return switch (s.postgres()) {
            case PostgresView.Primary p -> SwitchoverRules.whileLeadingInPause(s);
            case PostgresView.Stopped p ->
                SwitchoverRules.isStandingAside(s) && isNamed(s)
                        ? Optional.of(WhenLeading.decide(s, term))
                        : Optional.empty();
            case PostgresView.Replica p -> isCandidate(s) ? Optional.of(WhenLeading.decide(s, term)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Decision> whileVacant(Situation s, Revision since) {
        return s.postgres() instanceof PostgresView.Replica && isCandidate(s)
                ? Optional.of(WhenVacant.decide(s, since))
                : Optional.empty();
    }

    private static Optional<Decision> whileFollowing(Situation s, MemberName leader) {
        if (s.postgres() instanceof PostgresView.Replica) {
            return Optional.of(WhenFollowing.decide(s, leader)).filter(decision -> decision.task()
                    .filter(TaskSpec.Follow.class::isInstance)
                    .isPresent());
        }
        return s.postgres() instanceof PostgresView.Stopped stopped
                        && s.tenure().steppedDownFor().isPresent()
                ? Optional.of(Rejoin.decide(s, leader, stopped.control()))
                : Optional.empty();
    }

    private static boolean isNamed(Situation s) {
        return s.state()
                .openRequest(s.now())
                .flatMap(SwitchoverRequest::candidate)
                .isPresent();
    }

    private static boolean isCandidate(Situation s) {
        return s.state()
                .openRequest(s.now())
                .flatMap(SwitchoverRequest::candidate)
                .filter(s.self().name()::equals)
                .isPresent();
    }

    /** Whoever follows has done what it stepped down for: what the operator stops later is not started again. */
    static NodeState settled(NodeState state) {
        boolean follows = state.cluster().settings().paused()
                && state.postgres() instanceof PostgresView.Replica
                && state.view()
                        .leader()
                        .filter(leader -> !leader.name().equals(state.name()))
                        .isPresent();
        return follows ? state.with(state.tenure().following()) : state;
    }
}
