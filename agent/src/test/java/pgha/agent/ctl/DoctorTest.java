package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.ctl.FakeAccess.Pictures;
import pgha.rest.client.HttpReply;

class DoctorTest {
    private static final String LEADER = """
            {"state":"running","role":"primary","timeline":5,"dcs_last_seen":1767258000,"patroni":{"version":"1"}}""";
    private static final String REPLICA = """
            {"state":"running","role":"replica","replication_state":"streaming","timeline":5,
             "dcs_last_seen":1767258000,"patroni":{"version":"1"}}""";

    private final Dialog dialog = new Dialog();

    private void says(int member, String status, String metrics) {
        String url = "GET http://10.0.0." + member + ":8008";
        dialog.access.replies.put(url + "/patroni", new HttpReply.Answered(200, status));
        dialog.access.replies.put(url + "/metrics", new HttpReply.Answered(200, metrics));
    }

    private void allAreWell() {
        dialog.access.settings = Optional.of("{\"ttl\":30,\"maximum_lag_on_failover\":33554432}");
        says(1, LEADER, "pgha_guard_armed{name=\"pg1\"} 1.0\npgha_store_linked{name=\"pg1\"} 1.0\n");
        says(2, REPLICA, "");
        says(3, REPLICA, "");
    }

    @Test
    void aHealthyClusterHasNothingToComplainOf() throws IOException {
        allAreWell();
        dialog.run("doctor");
        dialog.compare("doctor-healthy.txt");
    }

    @Test
    void theMostUrgentComesFirstAndEachLineHasANextStep() throws IOException {
        allAreWell();
        dialog.access.settings = Optional.of("{\"ttl\":6,\"synchronous_mode\":true}");
        dialog.access.retained = Map.of("pg2", 5L << 30, "pg3", 4096L);
        says(1, LEADER, "pgha_guard_armed{name=\"pg1\"} 0.0\npgha_store_linked{name=\"pg1\"} 0.0\n");
        says(2, REPLICA.replace("streaming", "in archive recovery").replace("\"1\"", "\"2\""), "");
        says(3, REPLICA.replace("1767258000", "1767258060"), "");
        dialog.run("doctor");
        dialog.access.replies.remove("GET http://10.0.0.3:8008/patroni");
        says(2, REPLICA.replace("\"timeline\":5", "\"timeline\":4,\"watchdog_failed\":true"), "");
        dialog.run("doctor");
        dialog.access.document = Pictures.LEADERLESS;
        dialog.run("doctor");
        dialog.access.document = Pictures.EVENTFUL;
        dialog.run("doctor demo");
        dialog.access.document = Pictures.ALONE;
        dialog.run("doctor");
        dialog.run("doctor other");
        dialog.compare("doctor.txt");
    }

    @Test
    void theAddressIsSoughtWhereTheLeaderIs(@TempDir Path directory) throws IOException {
        allAreWell();
        dialog.access.nodeFile = Optional.of(Files.writeString(directory.resolve("agent.yml"), """
                scope: demo
                name: pg1
                etcd3: {host: "10.0.0.1:2379"}
                restapi: {listen: "10.0.0.1:8008"}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: /
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                vip: {address: 10.0.0.9/24, interface: lo}
                """));
        dialog.access.unreachable = Map.of("10.0.0.9:5432", "Connection refused");
        says(1, LEADER, "pgha_vip_bound{name=\"pg1\"} 0.0\n");
        says(2, REPLICA.replace("1767258000", "1767257000"), "pgha_vip_bound{name=\"pg2\"} 1.0\n");

        dialog.run("doctor");

        assertThat(dialog.transcript)
                .contains("now   pg1: leads without its virtual address: clients do not find it; ")
                .contains("now   pg2: has the virtual address bound and does not lead; ")
                .contains("soon  pg2: its clock is about 1000s behind this host's")
                .doesNotContain("10.0.0.9");

        says(1, LEADER, "pgha_vip_bound{name=\"pg1\"} 1.0\n");
        dialog.run("doctor");

        assertThat(dialog.transcript)
                .contains(
                        "now   pg1: the virtual address 10.0.0.9 is bound there, but PostgreSQL cannot be reached by it:"
                                + " Connection refused; ");
    }

    @Test
    void thisHostIsLookedAtToo() {
        HostFacts poor = new HostFacts(
                Path.of("/pg/data"),
                Optional.of(3),
                Optional.of(1L << 13),
                true,
                true,
                Optional.of(Path.of("/dev/watchdog")),
                false);

        assertThat(Finding.print(HostChecks.of(poor))).isEqualTo("""
                now   the disk of /pg/data has 3% left; see what fills it: slots, failing archive_command, logs
                now   the agent here may not bind its address: it lacks CAP_NET_ADMIN; start it by its systemd unit, which grants them
                soon  the agent here takes orders from everybody who can connect; set restapi.authentication or restapi.allowlist, and reload
                note  nothing seems to keep this host's clock: leases do not need it, schedules and logs do; run chronyd or systemd-timesyncd
                note  there is no watchdog /dev/watchdog: a kernel that hangs is not reset; load the module of your hardware, or softdog; or set watchdog.mode to off
                """);
    }

    @Test
    void aFileWithWhichNoAgentWouldStartIsFound(@TempDir Path directory) throws IOException {
        allAreWell();
        dialog.access.nodeFile = Optional.of(Files.writeString(directory.resolve("agent.yml"), "scope: demo\n"));

        assertThat(dialog.run("doctor")).isZero();
        assertThat(dialog.transcript).contains("now   an agent would not start with this file: ");
    }
}
