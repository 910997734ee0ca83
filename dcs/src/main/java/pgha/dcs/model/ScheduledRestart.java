package pgha.dcs.model;

import java.util.Optional;

/**
 * A restart that waits for its time, as a member publishes it.
 *
 * <p>Immutable.
 *
 * @param schedule when, with a zone
 * @param postmasterStartTime since when the server runs that is meant: another one is not restarted
 * @param role only if the server has this role
 * @param postgresVersion only if the server is older than this
 * @param ifPending only if some setting waits for a restart
 * @param timeoutSeconds how long it may take
 */
public record ScheduledRestart(
        String schedule,
        Optional<String> postmasterStartTime,
        Optional<Role> role,
        Optional<String> postgresVersion,
        boolean ifPending,
        Optional<Long> timeoutSeconds) {}
