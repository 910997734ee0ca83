package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** The settings of the cluster as an operator writes them: kept as written, clamped where they act, refused by the field. */
final class SettingsDocumentIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.small("settingsdocit", "pg-1");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String KEY = "/service/settingsdocit/config";
    private static final JsonMapper JSON = new JsonMapper();

    /** Bodies that are no settings, and the beginning of what is said of them. */
    private static final Map<String, String> WRONG_SETTINGS = new TreeMap<>(Map.of(
            "{\"ttl\": \"long\"}", "cannot change the configuration: ttl: ",
            "{\"ttl\": {\"seconds\": 30}}", "cannot change the configuration: ttl: expected one value, found ",
            "{\"postgresql\": \"fast\"}", "cannot change the configuration: postgresql: expected a mapping, found ",
            "{\"postgresql\": {\"parameters\": [\"work_mem\"]}}",
                    "cannot change the configuration: postgresql.parameters: expected a mapping, found ",
            "{\"postgresql\": {\"pg_hba\": \"local all all peer\"}}",
                    "cannot change the configuration: postgresql.pg_hba: expected a list of lines, found ",
            "{\"failsafe_mode\": \"perhaps\"}",
                    "cannot change the configuration: failsafe_mode: expected true or false, found \"perhaps\"",
            "{\"slots\": [\"mine\"]}", "cannot change the configuration: slots: expected a mapping, found ",
            "[1, 2]", "cannot read the body: it is JSON, but no object",
            "ttl: 30", "cannot read the body: it is not JSON; send a JSON object",
            "{}", "cannot read the body: it is empty; send a JSON object"));

    private static final Map<String, String> WRONG_ORDERS = new TreeMap<>(Map.of(
            "/switchover {\"leader\": [\"pg-1\"]}", "leader: expected a text, found a list",
            "/switchover {\"leader\": \"pg-1\", \"candidate\": {}}", "candidate: expected a text, found an object",
            "/switchover {\"candidate\": \"pg-1\"}", "Switchover could be performed only from a specific leader",
            "/failover {\"leader\": \"pg-1\"}", "Failover could be performed only to a specific candidate",
            "/restart {\"role\": \"chief\"}", "PostgreSQL role should be either primary, standby_leader, or replica",
            "/restart {\"timeout\": \"soon\"}", "Timeout should be a positive number of seconds",
            "/restart {\"tomorrow\": true}", "Unknown filter for the scheduled restart: tomorrow",
            "/reinitialize {\"force\": \"perhaps\"}", "force: expected true or false, found \"perhaps\""));

    private LabNode node;
    private Curl curl;
    private String before;

    @BeforeEach
    void remember() {
        node = RIG.cluster().awaitPrimary();
        curl = Curl.of(RIG.cluster(), node);
        before = stored();
    }

    @AfterEach
    void giveTheSettingsBack() {
        assertThat(curl.send("PUT", "/config", before).code()).isEqualTo(200);
        awaitShown(before);
    }

    /** The document keeps what was asked for, and the log says what is done instead. */
    @Test
    void whatIsOutsideOfTheLimitsIsClampedWithAWarning() {
        patch("{\"ttl\": 2, \"loop_wait\": 0, \"retry_timeout\": 1}");
        says("ttl: 2s is too short; using 5s instead of 2s");
        says("loop_wait: 0s is too short; using 1s instead of 0s");
        says("retry_timeout: 1s is too short; using 3s instead of 1s");
        assertThat(json(stored()).path("ttl").asInt()).isEqualTo(2);

        patch("{\"ttl\": 20, \"loop_wait\": 10, \"retry_timeout\": 8}");
        says("loop_wait: 10s and twice retry_timeout 8s do not fit into ttl 20s; using 4s instead of 10s");
        assertThat(json(stored()).path("loop_wait").asInt()).isEqualTo(10);

        patch("{\"maximum_lag_on_failover\": -1}");
        says("maximum_lag_on_failover: -1 is negative; using 1048576 instead");
        assertThat(Faults.leads(node)).isTrue();
    }

    /** A longer one at once, a shorter one once the lease that is held has run down to it; the primary serves on. */
    @Test
    void theLeaderKeyTakesALeaseOfAnotherTtl() {
        Patience.demand("what a test before this one set has run down", LIMIT, () -> ttlOfLeaderKey() == 10);
        String startedAt = node.sql("SELECT pg_postmaster_start_time()");

        patch("{\"ttl\": 23}");
        Patience.demand("the leader key has a lease of the new length", LIMIT, () -> ttlOfLeaderKey() == 23);

        patch("{\"ttl\": 10}");
        Patience.demand("and of the old one again", LIMIT, () -> ttlOfLeaderKey() == 10);

        assertThat(Faults.leads(node)).isTrue();
        assertThat(node.sql("SELECT pg_postmaster_start_time()")).isEqualTo(startedAt);
    }

    @Test
    void patchMergesAndKeepsWhatNobodyKnows() {
        patch(
                "{\"our_tool\": {\"list\": [1, {\"two\": null}], \"flag\": false}, \"postgresql\": {\"tea\": \"green\"}}");
        patch("{\"postgresql\": {\"parameters\": {\"work_mem\": \"5MB\"}}}");

        JsonNode stored = json(stored());
        assertThat(stored.path("our_tool").path("list").path(0).asInt()).isEqualTo(1);
        assertThat(stored.path("our_tool").path("flag").isBoolean()).isTrue();
        assertThat(stored.path("postgresql").path("tea").asText()).isEqualTo("green");
        assertThat(stored.path("postgresql").path("use_pg_rewind").asBoolean())
                .as("what the patch did not name")
                .isTrue();
        assertThat(stored.path("postgresql")
                        .path("parameters")
                        .path("max_connections")
                        .asText())
                .isEqualTo("100");
        Patience.demand(
                "the known one acts", LIMIT, () -> node.sql("SHOW work_mem").equals("5MB"));

        patch("{\"our_tool\": null, \"postgresql\": {\"parameters\": {\"work_mem\": null}}}");
        JsonNode rest = json(stored());
        assertThat(rest.has("our_tool")).isFalse();
        assertThat(rest.path("postgresql").path("parameters").has("work_mem")).isFalse();
        assertThat(rest.path("postgresql").path("tea").asText()).isEqualTo("green");
        Patience.demand("PostgreSQL's own value acts", LIMIT, () -> node.sql("SHOW work_mem")
                .equals("4MB"));
    }

    @Test
    void putReplacesEverything() {
        String whole = "{\"ttl\":10,\"loop_wait\":3,\"retry_timeout\":3,\"our_tool\":[1,2],"
                + "\"postgresql\":{\"parameters\":{\"max_connections\":100,\"work_mem\":\"6MB\"}}}";

        RestReply reply = curl.send("PUT", "/config", whole);

        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        assertThat(json(stored())).isEqualTo(json(whole));
        awaitShown(whole);
        Patience.demand("it acts", LIMIT, () -> node.sql("SHOW work_mem").equals("6MB"));
    }

    @Test
    void wrongSettingsAreRefusedByTheFieldAndChangeNothing() {
        WRONG_SETTINGS.forEach((body, sentence) -> {
            isRefused(curl.send("PATCH", "/config", body), "PATCH " + body, sentence);
            isRefused(curl.send("PUT", "/config", body), "PUT " + body, sentence);
        });
        assertThat(curl.ask("PATCH", "/config").code()).as("without a body").isEqualTo(411);
        assertThat(stored()).isEqualTo(before);
        awaitShown(before);
    }

    @Test
    void wrongOrdersAreRefusedByTheFieldAndChangeNothing() {
        LabProcess postmaster = node.runningPostmaster();
        WRONG_ORDERS.forEach((order, sentence) -> {
            int space = order.indexOf(' ');
            isRefused(curl.send("POST", order.substring(0, space), order.substring(space + 1)), order, sentence);
        });
        assertThat(node.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Faults.leads(node)).isTrue();
    }

    private static void isRefused(RestReply reply, String what, String sentence) {
        assertThat(reply.code()).as(what + ": " + reply.body()).isEqualTo(400);
        assertThat(reply.body()).as(what).startsWith(sentence).doesNotContain("\n");
    }

    private void patch(String body) {
        RestReply reply = curl.send("PATCH", "/config", body);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
    }

    private void says(String warning) {
        Patience.demand("it warns: " + warning, LIMIT, () -> Faults.count(node, " WARNING: " + warning) > 0);
    }

    private void awaitShown(String document) {
        Patience.demand(
                "GET /config shows it", LIMIT, () -> json(node.get("/config").body())
                        .equals(json(document)));
    }

    private static String stored() {
        return RIG.cluster().etcd().get(KEY).orElseThrow();
    }

    /** As it was granted, in seconds. */
    private static long ttlOfLeaderKey() {
        String leader = "/service/settingsdocit/leader";
        String key = RIG.cluster().etcd().etcdctl("get", leader, "-w", "json").orThrow();
        long lease = json(key).path("kvs").path(0).path("lease").asLong();
        String life = RIG.cluster()
                .etcd()
                .etcdctl("lease", "timetolive", Long.toHexString(lease), "-w", "json")
                .orThrow();
        return json(life).path("granted-ttl").asLong();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
