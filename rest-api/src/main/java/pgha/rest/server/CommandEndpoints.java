package pgha.rest.server;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.ScheduledTime;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.AgentApi;
import pgha.rest.ClusterDocument;
import pgha.rest.FailsafeRequest;
import pgha.rest.NodeStatus;

/**
 * Checks what a client orders, and passes it on to the agent if it can be done.
 *
 * <p>Thread-safe. What is checked, in which order, and the words of a refusal are Patroni's. The checks look at the view
 * in memory; whether a candidate is fit is for the agent to find out.
 */
final class CommandEndpoints {
    private final AgentApi api;
    private final Supplier<Authorizer> authorizer;

    CommandEndpoints(AgentApi api, Supplier<Authorizer> authorizer) {
        this.api = api;
        this.authorizer = authorizer;
    }

    /** What the body of a switchover or failover says. */
    private record Order(
            Optional<MemberName> leader, Optional<MemberName> candidate, Optional<ScheduledTime> scheduledAt) {
        /** A failover that names a leader is a switchover. */
        String action() {
            return leader.isPresent() ? "switchover" : "failover";
        }

        boolean leadsNowhere() {
            return leader.isPresent() && leader.equals(candidate);
        }
    }

    CompletableFuture<Response> switchover(Request request) {
        return command(request, false);
    }

    CompletableFuture<Response> failover(Request request) {
        return command(request, true);
    }

    CompletableFuture<Response> failsafe(Request request) {
        Optional<Response> objection =
                authorizer.get().objection(request, api.status().view());
        if (objection.isPresent()) {
            return done(objection.get());
        }
        if (request.body().isEmpty()) {
            return done(Response.text(411, "Length Required"));
        }
        FailsafeRequest asked;
        try {
            asked = FailsafeRequest.parse(request.body().orElse(""));
        } catch (IllegalArgumentException e) {
            return done(Response.text(400, String.valueOf(e.getMessage())));
        }
        Optional<String> received = api.status()
                .postgres()
                .flatMap(NodeStatus.Postgres::received)
                .map(lsn -> Long.toUnsignedString(lsn.bytes()));
        return api.failsafe(asked).thenApply(reply -> {
            Response answer = Response.text(reply.code(), reply.body());
            return received.map(lsn -> answer.with("lsn", lsn)).orElse(answer);
        });
    }

    CompletableFuture<Response> detach(Request request) {
        return authorized(request, () -> done(asText(api.detach())));
    }

    CompletableFuture<Response> cancelSwitchover(Request request) {
        return authorized(request, () -> api.cancelSwitchover().thenApply(CommandEndpoints::asText));
    }

    CompletableFuture<Response> patchConfig(Request request) {
        return withConfig(request, api::patchSettings);
    }

    CompletableFuture<Response> replaceConfig(Request request) {
        return withConfig(request, api::replaceSettings);
    }

    private CompletableFuture<Response> withConfig(
            Request request, Function<String, CompletableFuture<AgentApi.CommandReply>> order) {
        return authorized(request, () -> {
            JsonBody body = JsonBody.required(request);
            return body.objection().map(CommandEndpoints::done).orElseGet(() -> order.apply(body.json())
                    .thenApply(CommandEndpoints::asDocument));
        });
    }

    private CompletableFuture<Response> authorized(Request request, Supplier<CompletableFuture<Response>> command) {
        return authorizer
                .get()
                .objection(request, api.status().view())
                .map(CommandEndpoints::done)
                .orElseGet(command);
    }

    private CompletableFuture<Response> command(Request request, boolean failover) {
        return authorized(request, () -> {
            JsonBody body = JsonBody.required(request);
            Optional<MemberName> leader = body.name("leader");
            Optional<MemberName> candidate = body.name("candidate").or(() -> body.name("member"));
            Optional<Response> wrong = body.objection();
            Order order = new Order(leader, candidate, body.time("scheduled_at", "switchover"));
            return wrong.or(() -> refusalOfWish(order, failover, api.status().paused()))
                    .or(body::objection)
                    .or(() -> refusal(order, api.status()))
                    .map(CommandEndpoints::done)
                    .orElseGet(() -> pass(order));
        });
    }

    private CompletableFuture<Response> pass(Order order) {
        return api.switchover(order.leader(), order.candidate(), order.scheduledAt())
                .thenApply(CommandEndpoints::asText);
    }

    private static Response asText(AgentApi.CommandReply reply) {
        return Response.text(reply.code(), reply.body());
    }

    private static Response asDocument(AgentApi.CommandReply reply) {
        return reply.code() == 200 ? Response.json(200, reply.body()) : asText(reply);
    }

    private static CompletableFuture<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    /** What cannot be asked for, whatever the cluster is like. */
    private static Optional<Response> refusalOfWish(Order order, boolean failover, boolean paused) {
        if (failover && order.candidate().isEmpty()) {
            return refuse(400, "Failover could be performed only to a specific candidate");
        }
        if (!failover && order.leader().isEmpty()) {
            return refuse(400, "Switchover could be performed only from a specific leader");
        }
        if (order.scheduledAt().isPresent() && failover) {
            return refuse(400, "Failover can't be scheduled");
        }
        return order.scheduledAt().isPresent() && paused
                ? refuse(400, "Can't schedule switchover in the paused state")
                : Optional.empty();
    }

    private static Optional<Response> refusal(Order order, NodeStatus status) {
        if (status.paused() && order.candidate().isEmpty()) {
            return refuse(400, "Switchover is possible only to a specific candidate in a paused state");
        }
        if (order.leadsNowhere()) {
            return refuse(400, "Switchover target and source are the same");
        }
        if (order.scheduledAt().isPresent()) {
            // Who leads and who could take over then is seen then.
            return Optional.empty();
        }
        return order.candidate().isPresent()
                ? refusalOfCandidate(order, order.candidate().get(), status.view())
                : refusalWithoutCandidate(order, status.view());
    }

    private static Optional<Response> refusalOfCandidate(Order order, MemberName candidate, ClusterView view) {
        if (!leaderMatches(order, view)) {
            return refuse(412, "leader name does not match");
        }
        boolean asksForVoter = order.leader().isPresent() && mode(view) == SynchronousMode.ON;
        if (asksForVoter && !votes(candidate, view)) {
            return refuse(412, "candidate name does not match with sync_standby");
        }
        return view.member(candidate).isEmpty() ? refuse(412, "candidate does not exists") : Optional.empty();
    }

    private static Optional<Response> refusalWithoutCandidate(Order order, ClusterView view) {
        if (!leaderMatches(order, view)) {
            return refuse(412, "leader name does not match");
        }
        if (mode(view) == SynchronousMode.ON
                && view.members().keySet().stream().noneMatch(member -> votes(member, view))) {
            return refuse(412, order.action() + " is not possible: can not find sync_standby");
        }
        boolean alone = view.members().keySet().stream()
                .allMatch(member -> Optional.of(member).equals(view.leader().map(LeaderRecord::name)));
        return alone
                ? refuse(412, order.action() + " is not possible: cluster does not have members except leader")
                : Optional.empty();
    }

    private static boolean leaderMatches(Order order, ClusterView view) {
        return order.leader().isEmpty() || order.leader().equals(view.leader().map(LeaderRecord::name));
    }

    private static SynchronousMode mode(ClusterView view) {
        return view.settings().map(settings -> settings.synchronousMode()).orElse(SynchronousMode.OFF);
    }

    private static boolean votes(MemberName member, ClusterView view) {
        return view.sync().filter(sync -> ClusterDocument.isVoter(sync, member)).isPresent();
    }

    private static Optional<Response> refuse(int code, String message) {
        return Optional.of(Response.text(code, message));
    }
}
