package pgha.rest.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Leads a method and the first segment of a path to an endpoint.
 *
 * <p>Immutable. What GET does not know by name is a health check; HEAD and OPTIONS get the code of GET as a bare status
 * line; any other unknown combination is 501.
 */
final class Router {
    /** One line of the table. */
    private record Route(
            String method, String segment, Function<Request, CompletableFuture<Response>> endpoint, String aim) {}

    private final List<Route> routes;
    private final Function<Request, Response> health;

    Router(ReadEndpoints reads, CommandEndpoints commands, NodeEndpoints node) {
        this.health = reads::health;
        this.routes = List.of(
                read("patroni", reads::status, "status document"),
                read("cluster", reads::cluster, "members, their roles and lags"),
                read("history", reads::history, "where each timeline ended"),
                read("config", reads::config, "cluster-wide settings"),
                read("failsafe", reads::failsafe, "members that failsafe mode would ask"),
                read("metrics", reads::metrics, "metrics, for Prometheus"),
                read("liveness", reads::liveness, "the agent's loop is alive"),
                read("readiness", reads::readiness, "leads, or streams and is close"),
                read("why", reads::why, "the current decision and its facts"),
                new Route("PATCH", "config", commands::patchConfig, "merges into the cluster-wide settings"),
                new Route("PUT", "config", commands::replaceConfig, "replaces the cluster-wide settings"),
                new Route("POST", "switchover", commands::switchover, "hands leadership over"),
                new Route("DELETE", "switchover", commands::cancelSwitchover, "takes a scheduled switchover back"),
                new Route("POST", "failover", commands::failover, "promotes a named member"),
                new Route("POST", "failsafe", commands::failsafe, "lets a leader without the store go on"),
                new Route("POST", "restart", node::restart, "stops PostgreSQL here and starts it again"),
                new Route("DELETE", "restart", node::cancelRestart, "takes a scheduled restart back"),
                new Route("POST", "reinitialize", node::reinitialize, "clones this replica anew"),
                new Route("POST", "reload", node::reload, "reads this node's file again"),
                new Route("POST", "detach", commands::detach, "ends the agent and leaves PostgreSQL as it is"));
    }

    private static Route read(String segment, Function<Request, Response> endpoint, String aim) {
        return new Route("GET", segment, request -> CompletableFuture.completedFuture(endpoint.apply(request)), aim);
    }

    CompletableFuture<Response> answer(Request request) {
        return switch (request.method()) {
            case "GET" -> find("GET", request);
            case "HEAD", "OPTIONS" -> find("GET", request).thenApply(response -> Response.statusLine(response.code()));
            default -> find(request.method(), request);
        };
    }

    private CompletableFuture<Response> find(String method, Request request) {
        return routes.stream()
                .filter(route ->
                        route.method().equals(method) && route.segment().equals(request.firstSegment()))
                .findFirst()
                .map(route -> route.endpoint().apply(request))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        method.equals("GET") ? health.apply(request) : unknown(request)));
    }

    private static Response unknown(Request request) {
        return Response.text(501, "cannot %s %s: there is no such command".formatted(request.method(), request.path()));
    }

    /** The table, one route a line. */
    @Override
    public String toString() {
        String named = routes.stream()
                .map(route -> "%-6s /%-12s %s".formatted(route.method(), route.segment(), route.aim()))
                .collect(Collectors.joining("\n"));
        return named
                + "\nGET    anything else: health check by what the path contains"
                + "\nHEAD, OPTIONS: the code of GET, status line only"
                + "\nother methods on other paths: 501\n";
    }
}
