package pgha.rest.client;

import java.time.Duration;
import java.util.Optional;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;

/** What a peer said of itself, or that it did not. Immutable. */
public sealed interface PeerReply {
    MemberName name();

    /**
     * The peer's own words.
     *
     * @param mayWrite whether it may be acknowledging writes, or be about to: whoever is to lead waits for the end of that
     * @param answering whether its PostgreSQL answers; without that there is no position
     * @param location the flushed LSN of a primary
     * @param complete whether that is all it has: it is not while a replica still replays its own log
     * @param observedAgo how long ago its PostgreSQL was looked at when it said so; empty if it does not tell
     * @param watchdogFailed whether it must not lead for want of a watchdog
     */
    record Said(
            MemberName name,
            RunState state,
            Role role,
            boolean mayWrite,
            boolean answering,
            Optional<Timeline> timeline,
            Optional<Lsn> location,
            Optional<Lsn> received,
            Optional<Lsn> replayed,
            boolean complete,
            Optional<String> replicationState,
            Optional<Duration> observedAgo,
            Tags tags,
            boolean watchdogFailed,
            boolean paused,
            Optional<SystemIdentifier> systemIdentifier)
            implements PeerReply {

        /** How far its WAL goes: flushed on a primary, the further of received and replayed on a replica. */
        public Optional<Lsn> position() {
            Optional<Lsn> replica = received.isPresent() && replayed.isPresent()
                    ? Optional.of(Lsn.max(received.get(), replayed.get()))
                    : received.or(() -> replayed);
            return location.or(() -> replica);
        }
    }

    /** Nothing usable came within the time. */
    record Silent(MemberName name, String cause) implements PeerReply {}
}
