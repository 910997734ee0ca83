package pgha.rest.server;

import java.time.Duration;
import java.util.Optional;
import pgha.dcs.model.ClusterSettings;
import pgha.rest.DurationText;
import pgha.rest.NodeStatus;

/**
 * How long a client is kept waiting for the agent's answer, and what it is told then.
 *
 * <p>Immutable. The agent ends its orders itself, each in its own time; this is for the case that it does not.
 */
record Patience(Duration limit, Response atEnd) {
    private static final Duration USUAL = Duration.ofMinutes(2);
    private static final Duration MARGIN = Duration.ofSeconds(30);
    private static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(5);

    static Patience with(Request request, NodeStatus status) {
        Optional<ClusterSettings> settings = status.view().settings();
        return switch (request.method() + " " + request.firstSegment()) {
            case "POST restart" -> {
                Duration allowed = JsonBody.optional(request)
                        .text("timeout")
                        .flatMap(DurationText::parse)
                        .or(() -> settings.map(ClusterSettings::primaryStartTimeout))
                        .orElse(DEFAULT_START_TIMEOUT);
                yield unknown("Restart", longer(USUAL, allowed.plus(MARGIN)));
            }
            case "POST switchover" -> unknown("Switchover", handOver(settings));
            case "POST failover" -> unknown("Failover", handOver(settings));
            default -> unknown("%s %s:".formatted(request.method(), request.path()), USUAL);
        };
    }

    /** An agent watches a handover for two rounds of the loop. */
    private static Duration handOver(Optional<ClusterSettings> settings) {
        Duration rounds =
                settings.map(ClusterSettings::loopWait).orElse(Duration.ZERO).multipliedBy(2);
        return longer(USUAL, rounds.plus(MARGIN));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Patience unknown(String what, Duration limit) {
        return new Patience(
                limit,
                Response.text(
                        503,
                        "%s status unknown after %d seconds; operation may still be in progress"
                                .formatted(what, limit.toSeconds())));
    }
}
