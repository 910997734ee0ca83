package pgha.rest.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Supplier;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.TimelineHistory;
import pgha.rest.AgentApi;
import pgha.rest.ClusterDocument;
import pgha.rest.NodeStatus;

/** Answers everything that is only read, from the published status. Thread-safe; never waits. */
final class ReadEndpoints {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final AgentApi api;
    private final Supplier<Moment> clock;

    ReadEndpoints(AgentApi api, Supplier<Moment> clock) {
        this.api = api;
        this.clock = clock;
    }

    Response health(Request request) {
        NodeStatus status = api.status();
        Moment now = clock.get();
        return Response.json(
                HealthCheck.code(status, request.path(), request.query(), now), StatusDocument.of(status, now));
    }

    Response metrics(Request request) {
        return Response.plain(api.metrics());
    }

    Response liveness(Request request) {
        return Response.statusLine(HealthCheck.liveness(api.status(), clock.get()));
    }

    Response readiness(Request request) {
        return Response.statusLine(HealthCheck.readiness(api.status(), request.query(), clock.get()));
    }

    Response status(Request request) {
        return Response.json(200, StatusDocument.of(api.status(), clock.get()));
    }

    /** While the store is silent, it also says when all this was last known to be so, as {@code /patroni} always does. */
    Response cluster(Request request) {
        NodeStatus status = api.status();
        ObjectNode document = ClusterDocument.of(status.view(), status.scope(), status.standbyCluster());
        if (!status.linkUp()) {
            document.put("dcs_last_seen", status.viewSeenAtEpochSeconds());
        }
        return Response.json(200, document);
    }

    Response config(Request request) {
        return api.status()
                .view()
                .settings()
                .map(settings -> Response.json(200, settings.document()))
                .orElseGet(() -> Response.text(502, "cannot show the configuration: the store holds none"));
    }

    Response history(Request request) {
        ArrayNode history = JSON.arrayNode();
        api.status()
                .view()
                .history()
                .orElse(TimelineHistory.EMPTY)
                .switches()
                .forEach(change -> history.add(timeline(change)));
        return Response.json(200, history);
    }

    private static ArrayNode timeline(TimelineHistory.Switch change) {
        ArrayNode row = JSON.arrayNode()
                .add(change.parent().id())
                .add(change.at().bytes())
                .add(change.reason());
        if (!change.time().isEmpty()) {
            row.add(change.time());
            if (!change.newLeader().isEmpty()) {
                row.add(change.newLeader());
            }
        }
        return row;
    }

    Response failsafe(Request request) {
        ObjectNode members = JSON.objectNode();
        api.status().view().failsafe().forEach((name, url) -> members.put(name.value(), url));
        return members.isEmpty()
                ? Response.text(502, "failsafe mode asks nobody: the store names no members for it")
                : Response.json(200, members);
    }

    /** The current decision with the facts behind it, for {@code agentctl why}. */
    Response why(Request request) {
        NodeStatus status = api.status();
        Moment now = clock.get();
        ObjectNode document = JSON.objectNode();
        document.put("name", status.self().value())
                .put("scope", status.scope())
                .put("headline", headline(status, now))
                .put("decision", status.decision().decision())
                .put("sentence", status.decision().sentence());
        ArrayNode facts = document.putArray("facts");
        status.decision()
                .facts()
                .forEach(fact -> facts.addObject().put("label", fact.label()).put("value", fact.value()));
        ArrayNode before = document.putArray("before");
        status.decision().before().forEach(before::add);
        if (status.paused()) {
            document.put("pause", true);
        }
        document.put("observed_age_ms", StatusDocument.millis(status.observedAt(), now));
        document.put("view_age_ms", StatusDocument.millis(status.viewSeenAt(), now));
        document.put("link_up", status.linkUp());
        return Response.json(200, document);
    }

    /** What a person would say first: {@code is leading}. */
    private static String headline(NodeStatus status, Moment now) {
        if (status.leadsAt(now)) {
            return status.role() == Role.PRIMARY ? "is leading" : "is about to lead";
        }
        if (status.state() != RunState.RUNNING) {
            return "has PostgreSQL " + status.state().words();
        }
        if (status.role() == Role.PRIMARY) {
            return "is primary without a lease";
        }
        Optional<MemberName> leader = status.view().leader().map(LeaderRecord::name);
        if (leader.filter(status.self()::equals).isPresent()) {
            return "is a replica under its own leader key";
        }
        return leader.map(name -> "is following " + name).orElse("is a replica, and nobody leads");
    }
}
