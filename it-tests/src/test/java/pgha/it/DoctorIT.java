package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Command;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** What is made wrong on purpose is named by {@code doctor} and {@code config explain}, with its next step, until it is right. */
final class DoctorIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.small("doctorit", "pg-1", "pg-2");

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SCOPE = "doctorit";
    private static final String OPEN_WRITES = "soon  the agent here takes orders from everybody who can connect;"
            + " set restapi.authentication or restapi.allowlist, and reload";
    /** A gigabyte in segments of 16 MB, and a little. */
    private static final int SEGMENTS = 66;

    private LabNode primary;
    private LabNode replica;

    @BeforeEach
    void find() {
        primary = RIG.cluster().awaitPrimary();
        replica = RIG.cluster().replicas().getFirst();
    }

    @Test
    void openWritesAreNamedOnTheHostWhereTheyAreOpen() {
        assertThat(doctor(primary)).contains(OPEN_WRITES);
        String before = primary.configuration();
        try {
            primary.configure(before.replace(
                    "restapi:\n", "restapi:\n  authentication: {username: operator, password: s3cret}\n"));
            primary.signalAgent(Signal.HUP);

            assertThat(doctor(primary)).noneMatch(line -> line.contains("takes orders from everybody"));
            assertThat(doctor(replica)).contains(OPEN_WRITES);
        } finally {
            Faults.reload(primary, before);
        }
    }

    @Test
    void aWholeClusterHasNothingUrgent() {
        assertThat(doctor(primary)).noneMatch(line -> line.startsWith("now "));
        assertThat(doctor(replica)).noneMatch(line -> line.startsWith("now "));
    }

    @Test
    void aRestartThatWaitsIsNamedAndExplained() {
        String waits =
                "note  %s: changed parameters wait for a restart: max_connections; restart " + SCOPE + " %s --pending";
        patch("{\"postgresql\":{\"parameters\":{\"max_connections\":\"123\"}}}");
        try {
            for (LabNode node : RIG.cluster().nodes()) {
                String line = waits.replace("%s", node.name());
                Patience.demand("doctor names " + node.name(), LIMIT, () -> doctor(primary)
                        .contains(line));
            }
            assertThat(explain(primary, "postgresql.parameters.max_connections"))
                    .containsExactly(
                            "postgresql.parameters.max_connections\t123\t/config\tcluster\tno: waits for a restart: 100 -> 123");
        } finally {
            patch("{\"postgresql\":{\"parameters\":{\"max_connections\":\"100\"}}}");
        }
        Patience.demand("doctor names it no more", LIMIT, () -> doctor(primary).stream()
                .noneMatch(line -> line.contains("wait for a restart")));
        assertThat(explain(primary, "postgresql.parameters.max_connections"))
                .containsExactly("postgresql.parameters.max_connections\t100\t/config\tcluster\tyes");
    }

    @Test
    void aSlotThatHoldsBackWalIsNamed() {
        patch("{\"slots\":{\"forgotten\":{\"type\":\"physical\"}}}");
        Patience.demand("the slot is there", LIMIT, () -> primary.sql(
                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'forgotten' AND restart_lsn IS NOT NULL")
                .equals("1"));
        assertThat(doctor(primary)).noneMatch(line -> line.contains("holds back"));
        try {
            String[] write = new String[2 * SEGMENTS];
            Arrays.setAll(
                    write,
                    index -> index % 2 == 0
                            ? "SELECT pg_logical_emit_message(false, 'doctor', 'fills')"
                            : "SELECT pg_switch_wal()");
            primary.execute(write);

            // The leader tells the store every few seconds what its slots hold back.
            Patience.demand("doctor names the slot", LIMIT, () -> doctor(primary).stream()
                    .anyMatch(line ->
                            line.matches("soon  slot forgotten holds back 1\\.\\d GB of WAL; see whether its reader"
                                    + " is alive, or drop the slot, before the disk is full")));
        } finally {
            patch("{\"slots\":null}");
            primary.execute("SELECT pg_drop_replication_slot('forgotten')");
        }
        // A leader tells the store of its slots when its position has moved.
        Patience.demand("doctor names it no more", LIMIT, () -> {
            primary.execute("SELECT pg_logical_emit_message(true, 'doctor', 'moves')");
            return doctor(primary).stream().noneMatch(line -> line.contains("holds back"));
        });
    }

    @Test
    void aNodeThatMayNotTakeOverIsNamedWithItsReason() {
        String before = replica.configuration();
        Faults.reload(replica, before + "\ntags:\n  nofailover: true\n");
        try {
            Patience.demand("doctor gives the reason", LIMIT, () -> doctor(primary)
                    .contains("soon  %1$s could not take over: it is tagged nofailover; see why %1$s"
                            .formatted(replica.name())));
            assertThat(doctor(primary)).anyMatch(line -> line.matches("(now|soon)  +nobody could take over.*"));
        } finally {
            Faults.reload(replica, before);
        }
    }

    @Test
    void anAgentThatIsGoneAndAPauseAreNamedTheMostUrgentFirst() {
        assertThat(primary.agentctl("pause", "--wait").orThrow()).contains("Success");
        LabProcess agent = replica.runningAgent();
        agent.signal(Signal.KILL);
        agent.awaitExit(LIMIT);
        try {
            List<String> lines = doctor(primary);
            assertThat(lines)
                    .anyMatch(line -> line.matches("now   " + replica.name()
                            + ": the agent does not answer: .*; see systemctl status pgha-agent there"))
                    .contains("soon  paused: nobody fails over, and fencing is off; resume when you are done");
            assertThat(lines.stream().map(DoctorIT::urgency).toList())
                    .as("in the order of urgency: %s", lines)
                    .isSorted();
            assertThat(doctor(replica)).anyMatch(line -> line.startsWith("now   no agent runs on this host; "));
        } finally {
            replica.startAgent();
            primary.agentctl("resume", "--wait").orThrow();
        }
        Patience.demand("doctor is content again", LIMIT, () -> doctor(primary).stream()
                .noneMatch(line -> line.startsWith("now ") || line.contains("paused")));
    }

    @Test
    void aFileThatTheAgentWouldRefuseIsNamedBeforeItsRestart() {
        String before = primary.configuration();
        primary.configure(before.replace("use_unix_socket: true", "use_unix_socket: [perhaps]"));
        try {
            assertThat(doctor(primary))
                    .anyMatch(line -> line.matches(
                            "now   an agent would not start with this file: .*agent\\.yml:\\d+: postgresql\\.use_unix_socket: .*;"
                                    + " mend it before you restart"));
        } finally {
            primary.configure(before);
        }
    }

    @Test
    void eachSettingIsExplainedByItsOriginAndEffect() {
        String before = replica.configuration();
        patch("{\"postgresql\":{\"parameters\":{\"work_mem\":\"5MB\"}},\"tea_time\":\"16:00\"}");
        try {
            replica.configure(
                    before.replace("    unix_socket_directories:", "    work_mem: 6MB\n    unix_socket_directories:"));
            int line = lineOf(replica, "work_mem:");

            assertThat(explain(replica, "postgresql.parameters.work_mem"))
                    .containsExactlyInAnyOrder(
                            "postgresql.parameters.work_mem\t6MB\t%s:%d\treload\tyes"
                                    .formatted(LabNode.CONFIGURATION, line),
                            "postgresql.parameters.work_mem\t5MB\t/config\tcluster\tno: overruled by %s:%d"
                                    .formatted(LabNode.CONFIGURATION, line));
            assertThat(explain(replica, "tea_time")).containsExactly("tea_time\t16:00\t/config\t-\tno: unknown key");
            assertThat(explain(replica, "postgresql.authentication.superuser.password"))
                    .hasSize(1)
                    .allMatch(row -> row.contains("\t***\t"));
            assertThat(explain(replica, "ttl")).hasSize(1).allMatch(row -> row.startsWith("ttl\t10\t/config\t"));
            assertThat(explain(replica, "primary_start_timeout"))
                    .hasSize(1)
                    .allMatch(row -> row.startsWith("primary_start_timeout\t300\tdefault\t"));
            Command.Result unknown = replica.agentctl("config", "explain", "nonsense");
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.err()).contains("nobody sets \"nonsense\", and it has no default");
        } finally {
            replica.configure(before);
            patch("{\"postgresql\":{\"parameters\":{\"work_mem\":null}},\"tea_time\":null}");
        }
    }

    private static int lineOf(LabNode node, String word) {
        List<String> lines = node.configuration().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(word)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(word);
    }

    private static List<String> doctor(LabNode node) {
        return node.agentctl("doctor").orThrow().lines().toList();
    }

    private static List<String> explain(LabNode node, String key) {
        List<String> rows = new ArrayList<>(node.agentctl("config", "explain", key, "-f", "tsv")
                .orThrow()
                .lines()
                .toList());
        assertThat(rows.removeFirst()).isEqualTo("Setting\tValue\tFrom\tNeeds\tApplied");
        return rows;
    }

    private static int urgency(String line) {
        return List.of("now", "soon", "note").indexOf(line.substring(0, line.indexOf(' ')));
    }

    private void patch(String body) {
        RestReply reply = Curl.of(RIG.cluster(), primary).send("PATCH", "/config", body);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
    }
}
