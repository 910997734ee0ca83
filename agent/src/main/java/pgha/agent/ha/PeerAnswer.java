package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Timeline;

/** What one member said when it was canvassed, or that it said nothing. Immutable. */
public sealed interface PeerAnswer {
    MemberName name();

    /**
     * It answered.
     *
     * @param mayWrite whether its PostgreSQL accepts writes, or may, or is about to
     * @param position the further of received and replayed; empty if it has none to offer
     * @param complete whether that is all it has: it is not while a replica has not yet replayed its own log to the end
     * @param positionAge how old its position was when it told us; empty if it does not say
     * @param mayLead false if it is tagged nofailover or says that its watchdog failed
     */
    record Spoke(
            MemberName name,
            boolean mayWrite,
            Optional<Lsn> position,
            boolean complete,
            Optional<Timeline> timeline,
            Optional<Duration> positionAge,
            boolean mayLead,
            int failoverPriority)
            implements PeerAnswer {
        /** Whether its position can be compared with ours: on an older timeline it counts something else. */
        boolean isOn(Timeline ours) {
            return timeline.filter(theirs -> theirs.isBehind(ours)).isEmpty();
        }
    }

    /** It did not answer, or not with anything we understand. */
    record Silent(MemberName name, String why) implements PeerAnswer {}
}
