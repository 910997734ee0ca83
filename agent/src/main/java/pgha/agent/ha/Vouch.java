package pgha.agent.ha;

import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/** "Renew this lease until then": the loop's word for the keeper. A silent loop loses the lease. Immutable. */
public record Vouch(LeaseId lease, Moment until) {
    public boolean hasLapsedAt(Moment now) {
        return !now.isBefore(until);
    }
}
