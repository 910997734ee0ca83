package pgha.agent.ha;

import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.RunState;
import pgha.dcs.model.Timeline;

/**
 * Whether somebody else could lead in our place, as far as the records of the members say. Pure.
 *
 * <p>A primary that has not come up in time gives way only then: with nobody there, whatever recovery it has behind it
 * would have to be done again.
 */
final class Relief {
    private Relief() {}

    static boolean isAtHand(Situation s) {
        return s.view().members().values().stream()
                .filter(member -> !member.name().equals(s.self().name()))
                .anyMatch(member -> couldLead(member, s));
    }

    private static boolean couldLead(Member member, Situation s) {
        Timeline reached = s.clusterTimeline();
        Lsn lastKnown = s.view().status().map(ClusterStatus::lastLsn).orElse(Lsn.ZERO);
        ByteCount behind = lastKnown.minus(member.position().orElse(Lsn.ZERO));
        return member.state() == RunState.RUNNING
                && !member.tags().noFailover()
                && Succession.maySucceed(s, member.name())
                && !member.timeline().orElse(reached).isBehind(reached)
                && !behind.exceeds(s.settings().maximumLagOnFailover());
    }
}
