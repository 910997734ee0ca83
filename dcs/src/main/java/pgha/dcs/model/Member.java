package pgha.dcs.model;

import java.util.Optional;

/**
 * A member's published record: the value of {@code members/NAME}.
 *
 * <p>Immutable.
 *
 * @param connUrl {@code postgres://host:port/database}, without credentials
 * @param apiUrl where its agent answers, ending in {@code /patroni}
 * @param proxyUrl of a proxy before its server, in the form of {@code connUrl}; nobody here connects to it
 * @param version of the Patroni whose records and answers its agent's are
 * @param position on a primary its flushed LSN, on a replica the further of received and replayed
 * @param replicationState {@code streaming} or {@code in archive recovery}
 * @param checkpointedSincePromotion false only on a leader whose first checkpoint after promotion is not done: until
 *     then nobody can rewind against it
 * @param pendingRestart why its server has to be started again; empty if it has not
 * @param scheduledRestart the restart that waits for its time, if there is one
 * @param paused that the member has noticed maintenance mode
 */
public record Member(
        MemberName name,
        Optional<String> connUrl,
        Optional<String> apiUrl,
        Optional<String> proxyUrl,
        RunState state,
        Role role,
        String version,
        Tags tags,
        Optional<Lsn> position,
        Optional<Lsn> receivedLsn,
        Optional<Lsn> replayedLsn,
        Optional<String> replicationState,
        Optional<Timeline> timeline,
        boolean checkpointedSincePromotion,
        Optional<PendingRestart> pendingRestart,
        Optional<ScheduledRestart> scheduledRestart,
        boolean paused) {

    /**
     * Whose interface our agents have. A Patroni takes the version of a member for what that member can do: for one below
     * 2.1 it goes on writing {@code optime/leader}, and one below 1.6 is not believed when it says that it has checkpointed.
     */
    public static final String PATRONI_VERSION = "4.1.4";

    /** One without a proxy before its server. */
    public Member(
            MemberName name,
            Optional<String> connUrl,
            Optional<String> apiUrl,
            RunState state,
            Role role,
            String version,
            Tags tags,
            Optional<Lsn> position,
            Optional<Lsn> receivedLsn,
            Optional<Lsn> replayedLsn,
            Optional<String> replicationState,
            Optional<Timeline> timeline,
            boolean checkpointedSincePromotion,
            Optional<PendingRestart> pendingRestart,
            Optional<ScheduledRestart> scheduledRestart,
            boolean paused) {
        this(
                name,
                connUrl,
                apiUrl,
                Optional.empty(),
                state,
                role,
                version,
                tags,
                position,
                receivedLsn,
                replayedLsn,
                replicationState,
                timeline,
                checkpointedSincePromotion,
                pendingRestart,
                scheduledRestart,
                paused);
    }

    /** One that waits for no restart, either. */
    public Member(
            MemberName name,
            Optional<String> connUrl,
            Optional<String> apiUrl,
            RunState state,
            Role role,
            String version,
            Tags tags,
            Optional<Lsn> position,
            Optional<Lsn> receivedLsn,
            Optional<Lsn> replayedLsn,
            Optional<String> replicationState,
            Optional<Timeline> timeline,
            boolean checkpointedSincePromotion,
            Optional<PendingRestart> pendingRestart,
            boolean paused) {
        this(
                name,
                connUrl,
                apiUrl,
                state,
                role,
                version,
                tags,
                position,
                receivedLsn,
                replayedLsn,
                replicationState,
                timeline,
                checkpointedSincePromotion,
                pendingRestart,
                Optional.empty(),
                paused);
    }

    /** The host and port to connect to PostgreSQL, from {@link #connUrl}; empty if there is none or it is malformed. */
    public Optional<HostPort> postgresAddress() {
        return connUrl.flatMap(HostPort::ofUrl);
    }

    public boolean isStreaming() {
        return replicationState.filter("streaming"::equals).isPresent();
    }
}
