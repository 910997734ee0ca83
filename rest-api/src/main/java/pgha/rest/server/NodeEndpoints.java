package pgha.rest.server;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import pgha.dcs.model.Role;
import pgha.dcs.model.ScheduledTime;
import pgha.rest.AgentApi;
import pgha.rest.DurationText;

/**
 * Checks what a client orders of this node's own PostgreSQL, and passes it on to the agent: restart, reinitialize,
 * reload.
 *
 * <p>Thread-safe. What is checked, in which order, and the words of a refusal are Patroni's.
 */
final class NodeEndpoints {
    private static final List<Role> ROLES = List.of(Role.PRIMARY, Role.STANDBY_LEADER, Role.REPLICA);

    private final AgentApi api;
    private final Supplier<Authorizer> authorizer;

    NodeEndpoints(AgentApi api, Supplier<Authorizer> authorizer) {
        this.api = api;
        this.authorizer = authorizer;
    }

    CompletableFuture<Response> restart(Request request) {
        return authorized(request, () -> {
            JsonBody body = JsonBody.optional(request);
            Optional<Response> objection = body.objection().or(() -> body.fields().stream()
                    .flatMap(field -> objection(field, body.text(field).orElse("")).stream())
                    .findFirst());
            if (objection.isEmpty()
                    && api.status().paused()
                    && body.text("schedule").isPresent()) {
                return done(Response.text(500, "Can't schedule restart in the paused state"));
            }
            Optional<ScheduledTime> at = body.time("schedule", "restart");
            AgentApi.RestartDemands demands = demands(body);
            return objection.or(body::objection).map(NodeEndpoints::done).orElseGet(() -> at.map(
                            time -> api.scheduleRestart(time, demands))
                    .orElseGet(() -> api.restart(demands))
                    .thenApply(NodeEndpoints::asText));
        });
    }

    CompletableFuture<Response> cancelRestart(Request request) {
        return authorized(request, () -> api.cancelRestart().thenApply(NodeEndpoints::asText));
    }

    CompletableFuture<Response> reinitialize(Request request) {
        return authorized(request, () -> {
            JsonBody body = JsonBody.optional(request);
            boolean force = body.truth("force").orElse(false);
            boolean fromLeader = body.truth("from_leader")
                    .or(() -> body.truth("from-leader"))
                    .orElse(false);
            return body.objection().map(NodeEndpoints::done).orElseGet(() -> api.reinitialize(force, fromLeader)
                    .thenApply(NodeEndpoints::asText));
        });
    }

    CompletableFuture<Response> reload(Request request) {
        return authorized(request, () -> done(asText(api.reload())));
    }

    private CompletableFuture<Response> authorized(Request request, Supplier<CompletableFuture<Response>> command) {
        return authorizer
                .get()
                .objection(request, api.status().view())
                .map(NodeEndpoints::done)
                .orElseGet(command);
    }

    private static Optional<Response> objection(String field, String value) {
        return switch (field) {
            case "role" ->
                refuseUnless(
                        role(value).isPresent(),
                        "PostgreSQL role should be either primary, standby_leader, or replica");
            case "postgres_version" ->
                refuseUnless(
                        version(value).isPresent(),
                        "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: " + value);
            case "timeout" ->
                refuseUnless(DurationText.parse(value).isPresent(), "Timeout should be a positive number of seconds");
            case "restart_pending", "schedule" -> Optional.empty();
            default -> refuseUnless(false, "Unknown filter for the scheduled restart: " + field);
        };
    }

    private static Optional<Response> refuseUnless(boolean good, String sentence) {
        return good ? Optional.empty() : Optional.of(Response.text(400, sentence));
    }

    private static AgentApi.RestartDemands demands(JsonBody body) {
        return new AgentApi.RestartDemands(
                body.text("role").flatMap(NodeEndpoints::role),
                body.text("postgres_version").flatMap(NodeEndpoints::version),
                // That it is named is what counts for Patroni; only a plain no means what it says.
                body.fields().contains("restart_pending")
                        && body.truth("restart_pending").orElse(true),
                body.text("timeout").flatMap(DurationText::parse));
    }

    private static Optional<Role> role(String word) {
        return ROLES.stream().filter(role -> role.word().equals(word)).findFirst();
    }

    /** {@code 9.5.2} is 90502, {@code 16.4} is 160004. */
    private static Optional<Integer> version(String text) {
        if (!text.matches("\\d{1,3}\\.\\d{1,2}(\\.\\d{1,2})?")) {
            return Optional.empty();
        }
        int[] parts =
                Arrays.stream(text.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
        boolean old = parts[0] < 10;
        if (old == (parts.length == 2)) {
            return Optional.empty();
        }
        return Optional.of(parts[0] * 10000 + (old ? parts[1] * 100 + parts[2] : parts[parts.length - 1]));
    }

    private static Response asText(AgentApi.CommandReply reply) {
        return Response.text(reply.code(), reply.body());
    }

    private static CompletableFuture<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
