package pgha.dcs.model;

import java.util.Optional;

/**
 * The operator's wish, as stored under {@code failover}.
 *
 * <p>Immutable. With a leader it is a switchover away from that leader, without one it is a failover to the candidate.
 *
 * @param scheduledAt ISO 8601 with a zone; empty means now
 * @param revision of the key, for taking it away without losing a newer wish
 */
public record SwitchoverRequest(
        Optional<MemberName> leader, Optional<MemberName> candidate, Optional<String> scheduledAt, Revision revision) {

    /** False for the {@code {}} that means "no request". */
    public boolean asksForSomething() {
        return leader.isPresent() || candidate.isPresent();
    }

    public boolean isSwitchover() {
        return leader.isPresent();
    }
}
