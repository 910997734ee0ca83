package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** Whoever reads WAL finds its slot on the next primary, with nothing lost: members, and readers that the settings name. */
final class SlotsIT {
    @RegisterExtension
    static final ClusterRig RIG =
            ClusterRig.small("slotsit", options -> options.withParameter("wal_level", "logical"), "pg-1", "pg-2");

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String READ =
            "SELECT string_agg(substring(data FROM 'text\\]:''(.*)'''), ' ') FROM pg_logical_slot_get_changes('cdc', NULL, NULL)"
                    + " WHERE data LIKE 'table%'";

    private LabNode primary;
    private LabNode replica;

    @BeforeEach
    void nameTheSlot() {
        primary = RIG.cluster().awaitPrimary();
        replica = RIG.cluster().replicas().getFirst();
        primary.execute("CREATE TABLE IF NOT EXISTS news (line text)");
        patch("{\"slots\":{\"cdc\":{\"type\":\"logical\",\"database\":\"postgres\",\"plugin\":\"test_decoding\"}}}");
    }

    @AfterEach
    void nameItNoMore() {
        patch("{\"slots\":null,\"member_slots_ttl\":null}");
    }

    @Test
    void aReaderGoesOnWhereItWasOnTheNextPrimary() {
        hasSlot(primary);
        hasSlot(replica);
        primary.execute("INSERT INTO news VALUES ('one')");
        assertThat(primary.sql(READ)).isEqualTo("one");
        assertThat(replica.sql("SHOW hot_standby_feedback"))
                .as("what a copy needs of the catalogs is not vacuumed away")
                .isEqualTo("on");
        Patience.demand(
                "the copy moves after the reader",
                LIMIT,
                () -> confirmed(replica).compareTo(confirmed(primary)) >= 0);

        primary.execute("INSERT INTO news VALUES ('two')");
        switchOver();
        replica.execute("INSERT INTO news VALUES ('three')");

        assertThat(replica.sql(READ)).isEqualTo("two three");
        hasSlot(primary);
        assertThat(replica.sql(
                        "SELECT active OR restart_lsn IS NULL FROM pg_replication_slots WHERE slot_name = 'cdc'"))
                .isEqualTo("f");
    }

    @Test
    void aCopyThatNobodyNamesAnyMoreGoesAndThePrimarysStays() {
        hasSlot(primary);
        hasSlot(replica);

        patch("{\"slots\":null,\"member_slots_ttl\":1}");

        Patience.demand("the copy is gone", LIMIT, () -> slots(replica).equals("0"));
        assertThat(slots(primary)).isEqualTo("1");
    }

    /** Or WAL that it lacks could be gone by the time it streams from there. */
    @Test
    void aReplicaKeepsWhatTheOthersNeedOnceItLeads() {
        String slot = primary.name().replace('-', '_');
        String position = "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
        Patience.demand("it is there", LIMIT, () -> !replica.sql(position).isEmpty());

        String end = primary.sql("SELECT pg_switch_wal()");

        Patience.demand("it moves on with the primary", LIMIT, () -> replica.sql("SELECT restart_lsn >= '" + end
                        + "' FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                .equals("t"));
        switchOver();
        Patience.demand("the former primary streams through it", LIMIT, () -> replica.sql(
                        "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                .equals("t"));
    }

    private void switchOver() {
        primary.agentctl("switchover", "--leader", primary.name(), "--candidate", replica.name(), "--force")
                .orThrow();
        Patience.demand("the replica leads", LIMIT, () -> Faults.leads(replica));
    }

    /** A replica is restarted to read its copy: for that moment it answers nobody. */
    private static void hasSlot(LabNode node) {
        Patience.demand(node.name() + " has the slot", LIMIT, () -> {
            try {
                return slots(node).equals("1");
            } catch (LabException restarting) {
                return false;
            }
        });
    }

    private static String slots(LabNode node) {
        return node.sql(
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'cdc' AND plugin = 'test_decoding'");
    }

    /** As a number that can be compared as a text. */
    private static String confirmed(LabNode node) {
        return node.sql("SELECT to_char(confirmed_flush_lsn - '0/0', '0000000000000000') FROM pg_replication_slots"
                + " WHERE slot_name = 'cdc'");
    }

    private void patch(String body) {
        RestReply reply = Curl.of(RIG.cluster(), primary).send("PATCH", "/config", body);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
    }
}
