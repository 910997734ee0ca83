package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import pgha.lab.Command;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/**
 * patronictl's commands on a running cluster, given by either program to either kind of daemon.
 *
 * <p>Each check waits until the cluster is whole again, and says what both programs print.
 */
final class CtlChecks {
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final JsonMapper JSON = new JsonMapper();

    /** patronictl or agentctl, run on a node with its file. */
    interface Program {
        Command.Result run(LabNode node, String... arguments);
    }

    private final LabCluster cluster;
    private final String scope;
    private final Program program;

    CtlChecks(LabCluster cluster, Program program) {
        this.cluster = cluster;
        this.scope = cluster.lab().options().name();
        this.program = program;
    }

    void listAndTopologyShowEveryMember() {
        listShowsEveryMember();
        String tree = run("topology");
        assertThat(tree).contains("| " + cluster.awaitPrimary().name() + " ");
        cluster.replicas().forEach(replica -> assertThat(tree).contains("| + " + replica.name() + " "));
    }

    void listShowsEveryMember() {
        LabNode primary = cluster.awaitPrimary();
        Map<String, String> roles = new TreeMap<>();
        for (JsonNode row : json("list", "-f", "json")) {
            assertThat(row.path("Cluster").asText()).isEqualTo(scope);
            assertThat(row.path("State").asText()).isIn("running", "streaming");
            assertThat(row.path("TL").isInt()).isTrue();
            roles.put(row.path("Member").asText(), row.path("Role").asText());
        }
        Map<String, String> wanted = new TreeMap<>();
        cluster.nodes()
                .forEach(node -> wanted.put(node.name(), node.name().equals(primary.name()) ? "Leader" : "Replica"));
        assertThat(roles).isEqualTo(wanted);
    }

    void queryAsksThePrimary() {
        String sql = "SELECT pg_is_in_recovery() AS waits, inet_server_addr() AS host";

        String rows = run("query", scope, "-U", "postgres", "-d", "postgres", "--format", "tsv", "-c", sql);

        assertThat(rows.lines().map(String::strip))
                .contains(
                        "waits\thost",
                        "%s\t%s"
                                .formatted(
                                        no(rows), cluster.awaitPrimary().host().address()));
    }

    /** Python's boolean or PostgreSQL's. */
    private static String no(String rows) {
        return rows.contains("False") ? "False" : "false";
    }

    void editConfigShowsAndStores() {
        String setting = "maximum_lag_on_failover";
        assertThat(run("show-config")).contains(setting + ": 1048576");

        assertThat(run("edit-config", "-s", setting + "=2097152", "--force"))
                .contains("-" + setting + ": 1048576", "+" + setting + ": 2097152", "Configuration changed");
        assertThat(run("show-config")).contains(setting + ": 2097152");

        run("edit-config", "-s", setting + "=1048576", "--force");
        assertThat(run("show-config")).contains(setting + ": 1048576");
    }

    void pauseAndResumeAreNoticedByAll() {
        assertThat(run("pause", "--wait")).contains("Success: cluster management is paused");
        assertThat(run("list")).contains("Maintenance mode: on");

        assertThat(run("resume", "--wait")).contains("Success: cluster management is resumed");
        assertThat(run("list")).doesNotContain("Maintenance mode");
    }

    void switchoverAndFailoverMoveTheLeader() {
        String first = cluster.awaitPrimary().name();
        String second = cluster.replicas().getFirst().name();

        assertThat(run("switchover", "--leader", first, "--candidate", second, "--force"))
                .contains("Successfully switched over to \"" + second + "\"");
        awaitWholeUnder(second);
        // A failover that names the leader, as patronictl 3 sends it, is a switchover to later daemons, and called so.
        assertThat(run("failover", "--candidate", first, "--force"))
                .containsPattern("Successfully (failed|switched) over to \"" + first + "\"");
        awaitWholeUnder(first);

        List<String> leaders = new ArrayList<>();
        json("history", "-f", "json")
                .forEach(row -> leaders.add(row.path("New Leader").asText()));
        assertThat(leaders).endsWith(second, first);
    }

    void aReplicaIsRestartedReloadedAndMadeAnew() {
        LabNode replica = cluster.replicas().getFirst();
        int postmaster = replica.runningPostmaster().pid();

        assertThat(run("reload", scope, replica.name(), "--force"))
                .containsAnyOf(
                        "No changes to apply on member " + replica.name(),
                        "Reload request received for member " + replica.name());
        assertThat(run("restart", scope, replica.name(), "--force"))
                .contains("Success: restart on member " + replica.name());
        assertThat(replica.runningPostmaster().pid()).isNotEqualTo(postmaster);
        awaitWholeUnder(cluster.awaitPrimary().name());

        int inode = inode(replica);
        assertThat(run("reinit", scope, replica.name(), "--force", "--wait"))
                .contains(
                        "Success: reinitialize for member " + replica.name(),
                        "Reinitialize is completed on: " + replica.name());
        awaitWholeUnder(cluster.awaitPrimary().name());
        assertThat(inode(replica)).as("the control file is another one").isNotEqualTo(inode);
    }

    private static int inode(LabNode node) {
        return Integer.parseInt(node.host()
                .exec("stat", "--format", "%i", LabNode.DATA + "/global/pg_control")
                .orThrow()
                .strip());
    }

    private void awaitWholeUnder(String leader) {
        Patience.demand(
                leader + " leads all others",
                LIMIT,
                () -> cluster.isReady() && cluster.awaitPrimary().name().equals(leader));
        // patronictl looks at what members have told the store.
        Patience.demand(
                "every member has told that it is running", LIMIT, () -> membersRun(json("list", "-f", "json")));
    }

    private static boolean membersRun(JsonNode rows) {
        List<String> states = new ArrayList<>();
        rows.forEach(row -> states.add(row.path("State").asText()));
        return states.size() == 3 && List.of("running", "streaming").containsAll(states);
    }

    private JsonNode json(String... arguments) {
        String text = run(arguments);
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private String run(String... arguments) {
        return program.run(cluster.nodes().getLast(), arguments).orThrow();
    }
}
