package pgha.rest.server;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.ScheduledTime;
import pgha.rest.AgentApi;
import pgha.rest.FailsafeRequest;
import pgha.rest.NodeStatus;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.BasicAuth;
import pgha.rest.Statuses;

/** Servers, routers and requests to test with. */
final class Rigs {
    private Rigs() {}

    /** An agent with one status, which obeys every order and says which it was. */
    record Obedient(NodeStatus status) implements AgentApi {
        @Override
        public String metrics() {
            return "# TYPE pgha_test gauge\npgha_test 1\n";
        }

        @Override
        public CompletableFuture<CommandReply> switchover(
                Optional<MemberName> leader, Optional<MemberName> candidate, Optional<ScheduledTime> scheduledAt) {
            String order = "from %s to %s%s"
                    .formatted(
                            leader,
                            candidate,
                            scheduledAt.map(at -> " at " + at).orElse(""));
            return CompletableFuture.completedFuture(new CommandReply(200, order));
        }

        @Override
        public CompletableFuture<CommandReply> cancelSwitchover() {
            return CompletableFuture.completedFuture(new CommandReply(200, "scheduled switchover deleted"));
        }

        @Override
        public CompletableFuture<CommandReply> patchSettings(String patch) {
            return CompletableFuture.completedFuture(new CommandReply(200, patch));
        }

        @Override
        public CompletableFuture<CommandReply> replaceSettings(String document) {
            return CompletableFuture.completedFuture(new CommandReply(502, "cannot change the configuration"));
        }

        @Override
        public CompletableFuture<CommandReply> failsafe(FailsafeRequest request) {
            return CompletableFuture.completedFuture(new CommandReply(200, "Accepted"));
        }

        @Override
        public CompletableFuture<CommandReply> restart(RestartDemands demands) {
            return CompletableFuture.completedFuture(new CommandReply(200, "restart " + demands));
        }

        @Override
        public CompletableFuture<CommandReply> scheduleRestart(ScheduledTime at, RestartDemands demands) {
            return CompletableFuture.completedFuture(new CommandReply(202, "at " + at + " restart " + demands));
        }

        @Override
        public CompletableFuture<CommandReply> cancelRestart() {
            return CompletableFuture.completedFuture(new CommandReply(200, "scheduled restart deleted"));
        }

        @Override
        public CompletableFuture<CommandReply> reinitialize(boolean force, boolean fromLeader) {
            String order = "reinitialize force=%s from_leader=%s".formatted(force, fromLeader);
            return CompletableFuture.completedFuture(new CommandReply(200, order));
        }

        @Override
        public CommandReply reload() {
            return new CommandReply(202, "reload scheduled");
        }

        @Override
        public CommandReply detach() {
            return new CommandReply(202, "detaching");
        }
    }

    static RestConfig config(Optional<BasicAuth> auth) {
        HostPort listen = new HostPort("127.0.0.1", 8008);
        return new RestConfig(listen, listen, auth, Optional.empty(), List.of(), false, RestConfig.Headers.PLAIN);
    }

    static Router router(NodeStatus status) {
        return router(status, config(Optional.empty()));
    }

    static Router router(NodeStatus status, RestConfig config) {
        AgentApi api = new Obedient(status);
        Authorizer authorizer = new Authorizer(config, new MemberAddresses());
        return new Router(
                new ReadEndpoints(api, () -> Statuses.NOW),
                new CommandEndpoints(api, () -> authorizer),
                new NodeEndpoints(api, () -> authorizer));
    }

    static Request get(String target) {
        return request("GET", target, Optional.empty(), Optional.empty());
    }

    static Request request(String method, String target, Optional<String> authorization, Optional<String> body) {
        return new Request(
                method,
                Request.pathOf(target),
                new TreeMap<>(Request.queryOf(target)),
                authorization,
                body,
                InetAddress.getLoopbackAddress(),
                false);
    }
}
