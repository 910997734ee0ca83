package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.Golden;
import pgha.rest.NodeStatus;
import pgha.rest.RestConfig;
import pgha.rest.Statuses;

class DocumentsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void documentsHavePatronisKeysAndWords() throws Exception {
        NodeStatus leader = Statuses.leader().build();
        NodeStatus replica = Statuses.replica().build();
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("GET /patroni on a leader", get("/patroni", leader));
        documents.put("GET /patroni on a replica", get("/patroni", replica));
        documents.put("GET /patroni, paused, scheduled, synchronous", get("/patroni", eventful()));
        documents.put("GET /patroni while starting, without the store", get("/patroni", starting()));
        documents.put("GET /cluster", get("/cluster", leader));
        documents.put("GET /cluster, paused, scheduled, synchronous", get("/cluster", eventful()));
        documents.put("GET /cluster while starting, without the store", get("/cluster", starting()));
        documents.put("GET /history", get("/history", leader));
        documents.put("GET /config", get("/config", leader));
        documents.put("GET /failsafe", get("/failsafe", leader));
        documents.put("GET /why on a leader", get("/why", leader));
        documents.put("GET /why on a replica", get("/why", replica));
        documents.put("GET /why while starting, without the store", get("/why", starting()));

        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> document : documents.entrySet()) {
            Object tree = MAPPER.readValue(document.getValue(), Object.class);
            text.append(document.getKey())
                    .append('\n')
                    .append(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree))
                    .append("\n\n");
        }
        Golden.compare("documents.txt", text.toString());
    }

    @Test
    void aClusterIsNotUnlockedBeforeTheLastViewHasAgedByALease() throws Exception {
        Statuses status = Statuses.replica();
        status.linkUp = false;
        Moment ends = status.viewSeenAt.plus(Duration.ofSeconds(30));

        assertThat(StatusDocument.of(status.build(), Statuses.NOW).has("cluster_unlocked"))
                .isFalse();
        assertThat(StatusDocument.of(status.build(), ends).has("cluster_unlocked"))
                .isTrue();
    }

    @Test
    void theRouteTableIsThisOne() {
        Golden.compare("routes.txt", Rigs.router(Statuses.leader().build()).toString());
    }

    private static NodeStatus starting() {
        Statuses status = Statuses.replica();
        status.state = RunState.STARTING;
        status.postgres = Optional.empty();
        status.linkUp = false;
        status.viewSeenAt = Statuses.NOW.minus(Duration.ofSeconds(31));
        return status.build();
    }

    private static NodeStatus eventful() {
        Statuses status = Statuses.leader();
        status.paused = true;
        status.mode = SynchronousMode.ON;
        status.sync = Optional.of(Statuses.voters("pg2"));
        status.published = Optional.empty();
        status.scheduledRestart = Optional.of(Statuses.scheduled());
        status.members.set(0, Statuses.leadingMember(status.scheduledRestart));
        status.request = Optional.of(new SwitchoverRequest(
                Optional.of(new MemberName("pg1")),
                Optional.of(new MemberName("pg2")),
                Optional.of("2026-01-01T12:00:00+00:00"),
                new Revision(12)));
        return status.build();
    }

    private static String get(String path, NodeStatus status) {
        return Rigs.router(status).answer(Rigs.get(path)).join().body();
    }

    @Test
    void secretsAreNotPrinted() {
        RestConfig config = Rigs.config(Optional.of(new RestConfig.BasicAuth("postgres", "geheim")));

        org.assertj.core.api.Assertions.assertThat(config.toString()).doesNotContain("geheim");
    }
}
