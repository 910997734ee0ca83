package pgha.agent.ctl;

import java.util.Optional;

/**
 * A server to send a statement to, and as whom. Immutable.
 *
 * @param inRecovery what the server has to be to be the right one; empty if it does not matter
 */
record QueryTarget(
        String host,
        int port,
        Optional<String> user,
        Optional<String> password,
        Optional<String> database,
        Optional<Boolean> inRecovery) {
    @Override
    public String toString() {
        return host + ":" + port + user.map(name -> " as " + name).orElse("");
    }
}
