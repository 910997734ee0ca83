package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Patience;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** A member's tags are seen wherever people and load balancers look, and health checks follow them and the lag. */
final class TagsIT {
    @RegisterExtension
    static final WalArchive ARCHIVE = WalArchive.named("tagsit");

    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.small("tagsit", ARCHIVE::usedBy, "pg-1", "pg-2");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TAGS = """

            tags:
              nofailover: true
              noloadbalance: true
              nosync: true
              clonefrom: false
              zone: north
              rack: 7
            """;
    private static final String AS_JSON =
            "{\"nofailover\":true,\"noloadbalance\":true,\"nosync\":true,\"rack\":7,\"zone\":\"north\"}";

    private LabNode primary;
    private LabNode replica;
    private String before;

    @BeforeEach
    void remember() {
        primary = RIG.cluster().awaitPrimary();
        replica = RIG.cluster().replicas().getFirst();
        before = replica.configuration();
        answers(replica, "/replica", 200);
    }

    @AfterEach
    void giveTheFileBack() {
        replica.execute(
                "SELECT CASE WHEN pg_is_in_recovery() AND pg_is_wal_replay_paused() THEN pg_wal_replay_resume() END");
        Faults.reload(replica, before);
        answers(replica, "/replica", 200);
    }

    @Test
    void tagsAreSeenInEveryPlace() {
        Faults.reload(replica, before + TAGS);

        Patience.demand("the agent says so itself", LIMIT, () -> sorted(
                        replica.get("/patroni").json().path("tags"))
                .equals(AS_JSON));
        Patience.demand(
                "the other one says so of it", LIMIT, () -> sorted(memberTags()).equals(AS_JSON));
        assertThat(primary.agentctl("list").orThrow())
                .contains("nofailover: true", "noloadbalance: true", "nosync: true", "zone: north", "rack: 7");
        for (JsonNode row :
                new RestReply(0, primary.agentctl("list", "-f", "json").orThrow()).json()) {
            String wanted = row.path("Member").asText().equals(replica.name()) ? AS_JSON : "{}";
            assertThat(sorted(row.path("Tags"))).as("list -f json").isEqualTo(wanted);
        }

        Faults.reload(replica, before);
        Patience.demand("they are gone", LIMIT, () -> memberTags().isMissingNode());
        assertThat(primary.agentctl("list").orThrow()).doesNotContain("nofailover");
    }

    @Test
    void healthChecksFollowTags() {
        Faults.reload(replica, before + TAGS);

        answers(replica, "/replica", 503);
        answers(replica, "/read-only", 503);
        answers(replica, "/async", 503);
        answers(replica, "/health", 200);
        answers(replica, "/health?tag_zone=north", 200);
        answers(replica, "/health?tag_zone=south", 503);
        answers(primary, "/read-only", 200);

        Faults.reload(replica, before + "\ntags:\n  zone: north\n  rack: 7\n");
        answers(replica, "/replica", 200);
        answers(replica, "/replica?tag_zone=north", 200);
        answers(replica, "/replica?tag_zone=north&tag_rack=7", 200);
        answers(replica, "/replica?tag_zone=south", 503);
        answers(replica, "/replica?tag_zone=north&tag_floor=1", 503);
        answers(replica, "/read-only?tag_zone=south", 503);
    }

    @Test
    void whoMayNotFailOverIsRefusedAsACandidate() {
        Faults.reload(replica, before + "\ntags:\n  nofailover: true\n");
        Patience.demand("the primary knows", LIMIT, () -> memberTags().has("nofailover"));
        String timeline = Faults.timeline(RIG.cluster());

        assertThat(primary.request(
                                "POST",
                                "/switchover",
                                "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(primary.name(), replica.name()))
                        .code())
                .isIn(412, 503);
        assertThat(Faults.leads(primary)).isTrue();
        assertThat(Faults.timeline(RIG.cluster())).isEqualTo(timeline);
    }

    /** Replay stands still while the primary writes two megabytes. */
    @Test
    void healthChecksFollowTheLag() {
        replica.execute("SELECT pg_wal_replay_pause()");
        answers(replica, "/replica?lag=1MB", 200);
        String[] write = new String[20];
        Arrays.fill(write, "SELECT pg_logical_emit_message(false, 'lag', repeat('x', 100000))");
        primary.execute(write);

        answers(replica, "/replica?lag=1MB", 503);
        answers(replica, "/replica?lag=1000000", 503);
        answers(replica, "/replica?lag=1GB", 200);
        answers(replica, "/read-only?lag=1MB", 503);
        answers(replica, "/async?lag=1MB", 503);
        answers(replica, "/replica", 200);
        answers(replica, "/replica?replication_state=streaming", 200);
        answers(replica, "/replica?replication_state=in%20archive%20recovery", 503);
        answers(primary, "/read-only?lag=1", 200);

        replica.execute("SELECT pg_wal_replay_resume()");
        answers(replica, "/replica?lag=1MB", 200);
    }

    @Test
    void whoDoesNotStreamReplaysWhatTheArchiveHas() {
        Faults.reload(replica, before + "\ntags:\n  nostream: true\n");
        Patience.demand("it streams no more", LIMIT, () -> !replica.isStreaming());
        answers(replica, "/replica?replication_state=in%20archive%20recovery", 200);

        primary.execute("CREATE TABLE archived (what text)", "SELECT pg_switch_wal()");

        Patience.demand("the table comes by the archive", LIMIT, () -> replica.sql(
                        "SELECT count(*) FROM pg_class WHERE relname = 'archived'")
                .equals("1"));
        assertThat(replica.isStreaming()).isFalse();
        Faults.reload(replica, before);
        Patience.demand("it streams again", LIMIT, replica::isStreaming);
    }

    /** Agents tell what they observe within half a second or so. */
    private static void answers(LabNode node, String path, int code) {
        Patience.demand(
                node.name() + " answers " + path + " with " + code,
                LIMIT,
                () -> node.get(path).code() == code);
    }

    private JsonNode memberTags() {
        for (JsonNode member : primary.get("/cluster").json().path("members")) {
            if (member.path("name").asText().equals(replica.name())) {
                return member.path("tags");
            }
        }
        throw new AssertionError(replica.name() + " is no member");
    }

    private static String sorted(JsonNode object) {
        StringBuilder text = new StringBuilder("{");
        object.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> text.append(
                        text.length() == 1 ? "" : ",")
                .append('"')
                .append(entry.getKey())
                .append("\":")
                .append(entry.getValue()));
        return text.append('}').toString();
    }
}
