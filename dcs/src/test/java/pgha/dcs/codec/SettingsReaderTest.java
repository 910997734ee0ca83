package pgha.dcs.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SlotRules;
import pgha.dcs.model.StandbyCluster;
import pgha.dcs.model.SynchronousMode;

/** Shows defaults, limits and what is said about values outside of them. */
final class SettingsReaderTest {
    private static ClusterSettings read(String json) {
        return ClusterCodec.settings(json, new Revision(3));
    }

    @Test
    void anEmptyDocumentIsAllDefaults() {
        ClusterSettings settings = read("{}");
        assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.loopWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.retryTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.maximumLagOnFailover()).isEqualTo(new ByteCount(1048576));
        assertThat(settings.primaryStartTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.primaryStopTimeout()).isZero();
        assertThat(settings.slotRetention()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.synchronousMode()).isEqualTo(SynchronousMode.OFF);
        assertThat(settings.synchronousNodeCount()).isEqualTo(1);
        assertThat(settings.paused()).isFalse();
        assertThat(settings.postgres()).isEqualTo(ClusterSettings.Postgres.NONE);
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.revision()).isEqualTo(new Revision(3));
    }

    @ParameterizedTest
    @CsvSource({
        // ttl/loop_wait/retry_timeout as written, as used, number of warnings
        "30/10/10, 30/10/10, 0",
        "20/5/5,   20/5/5,   0",
        "5/1/2,    5/1/2,    2",
        "5/10/10,  5/1/2,    2",
        "3/10/10,  5/1/2,    3",
        "30/10/14, 30/2/14,  1",
        "30/10/15, 30/1/14,  2",
        "30/0/10,  30/1/10,  1",
        "21/1/1,   21/1/3,   1",
    })
    void timingIsForcedIntoItsLimits(String written, String used, int warnings) {
        String[] values = written.split("/", -1);
        ClusterSettings settings =
                read("{\"ttl\":%s,\"loop_wait\":%s,\"retry_timeout\":%s}".formatted(values[0], values[1], values[2]));
        assertThat("%d/%d/%d"
                        .formatted(
                                settings.ttl().toSeconds(),
                                settings.loopWait().toSeconds(),
                                settings.retryTimeout().toSeconds()))
                .isEqualTo(used);
        assertThat(settings.warnings()).hasSize(warnings);
    }

    @Test
    void aClampNamesTheOldAndTheNewValue() {
        assertThat(read("{\"ttl\":3,\"loop_wait\":1,\"retry_timeout\":3}").warnings())
                .containsExactly(
                        "ttl: 3s is too short; using 5s instead of 3s",
                        "retry_timeout: twice 3s and loop_wait do not fit into ttl 5s; using 2s instead of 3s");
    }

    /** Patroni takes the section for absent unless one of three keys says something. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"host":"10.1.0.1"}                                      | 10.1.0.1:5432         |
            {"host":"10.1.0.1, 10.1.0.2","port":"5433"}              | 10.1.0.1,10.1.0.2:5433 |
            {"port":6432,"primary_slot_name":"here"}                 | localhost:6432        | here
            {"restore_command":"cp /a/%f %p"}                        | an archive            |
            {"primary_slot_name":"here"}                             | nothing               |
            {"host":"","port":0}                                     | nothing               |
            null                                                     | nothing               |
            """)
    void aStandbyClusterFollowsWhatIsOutside(String section, String remote, @Nullable String slot) {
        Optional<StandbyCluster> standby =
                read("{\"standby_cluster\":" + section + "}").standby();
        assertThat(standby.map(StandbyCluster::toString).orElse("nothing")).isEqualTo(remote);
        assertThat(standby.flatMap(StandbyCluster::slot)).isEqualTo(Optional.ofNullable(slot));
    }

    /** Whoever took no notice of the section would promote a copy of somebody else's primary. */
    @Test
    void aStandbyClusterWithoutAPortIsRefused() {
        assertThatThrownBy(() -> read("{\"standby_cluster\":{\"host\":\"x\",\"port\":\"pg\"}}"))
                .hasMessage("standby_cluster.port: expected a port, found \"pg\"");
    }

    @Test
    void numbersMayBeTextAndTimesMayHaveUnits() {
        ClusterSettings settings = read("{\"ttl\":\"40\",\"member_slots_ttl\":\"2min\",\"maximum_lag_on_failover\":"
                + "\"0x10\",\"primary_start_timeout\":0}");
        assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(40));
        assertThat(settings.slotRetention()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.maximumLagOnFailover()).isEqualTo(new ByteCount(16));
        assertThat(settings.primaryStartTimeout()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ttl\":\"30s\"}", "{\"loop_wait\":null}", "{\"retry_timeout\":{}}", "[]", "{\"ttl\""})
    void aTimingThatIsNoNumberRefusesTheDocument(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Read leniently, each of them would take every parameter of the cluster away. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'postgresql':'x'}                      | postgresql: expected a mapping, found \"\"x\"\"",
                "{'postgresql':{'parameters':5}}         | postgresql.parameters: expected a mapping, found \"5\"",
                "{'postgresql':{'parameters':{'a':[1]}}} | postgresql.parameters.a: expected one value, found \"[1]\"",
                "{'postgresql':{'pg_hba':'all'}}         | postgresql.pg_hba: expected a list of lines, found \"\"all\"\"",
                "{'postgresql':{'use_slots':{'a':1}}}    | postgresql.use_slots: expected one value, found \"{\"a\":1}\"",
                "{'synchronous_mode':[1]}                | synchronous_mode: expected one value, found \"[1]\"",
                "{'slots':['barman']}                    | slots: expected a mapping, found \"[\"barman\"]\"",
                "{'ignore_slots':['barman']}             | ignore_slots: expected a list of mappings, found \"[\"barman\"]\"",
            })
    void aPartOfTheWrongKindRefusesTheDocumentByItsName(String json, String objection) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(objection);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"postgresql\":null}", "{\"slots\":[]}", "{\"ignore_slots\":{}}", "{\"own\":{\"x\":[[1]]}}"})
    void whatIsEmptyOrNobodyKnowsMayBeOfAnyKind(String json) {
        assertThat(read(json).warnings()).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodElsewhereIsTheDefaultAndSaid() {
        ClusterSettings settings = read("{\"maximum_lag_on_failover\":\"much\",\"pause\":\"perhaps\"}");
        assertThat(settings.maximumLagOnFailover()).isEqualTo(new ByteCount(1048576));
        assertThat(settings.paused()).isFalse();
        assertThat(settings.warnings())
                .containsExactly(
                        "maximum_lag_on_failover: \"much\" is not understood; using 1048576",
                        "pause: \"perhaps\" is not understood; using off");
    }

    @Test
    void theNewNameWinsOverTheAlias() {
        assertThat(read("{\"master_start_timeout\":7}").primaryStartTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(read("{\"master_start_timeout\":7,\"primary_start_timeout\":8}")
                        .primaryStartTimeout())
                .isEqualTo(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @CsvSource({"true,ON", "'\"on\"',ON", "false,OFF", "'\"quorum\"',QUORUM", "'\"QUORUM\"',QUORUM", "null,OFF"})
    void synchronousModeIsABooleanOrQuorum(String json, SynchronousMode mode) {
        assertThat(read("{\"synchronous_mode\":%s}".formatted(json)).synchronousMode())
                .isEqualTo(mode);
    }

    @Test
    void strictModeWantsOneSynchronousNodeAtLeast() {
        assertThat(read("{\"synchronous_node_count\":0}").synchronousNodeCount())
                .isZero();
        assertThat(read("{\"synchronous_node_count\":0,\"synchronous_mode_strict\":true}")
                        .synchronousNodeCount())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"synchronous_mode":"maybe"}            | synchronous_mode: expected on, off or quorum, found "maybe"
            {"synchronous_mode_strict":2}           | synchronous_mode_strict: expected true or false, found "2"
            {"synchronous_node_count":"two"}        | synchronous_node_count: expected a whole number, found "two"
            {"maximum_lag_on_failover":"1MB"}       | maximum_lag_on_failover: expected a whole number, found "1MB"
            {"maximum_lag_on_syncnode":true}        | maximum_lag_on_syncnode: expected a whole number, found "true"
            {"max_timelines_history":"all"}         | max_timelines_history: expected a whole number, found "all"
            {"primary_start_timeout":"5min"}        | primary_start_timeout: expected a whole number, found "5min"
            {"master_stop_timeout":"x"}             | master_stop_timeout: expected a whole number, found "x"
            {"failsafe_mode":"perhaps"}             | failsafe_mode: expected true or false, found "perhaps"
            {"pause":""}                            | pause: expected true or false, found ""
            {"check_timeline":"t"}                  | check_timeline: expected true or false, found "t"
            {"member_slots_ttl":"30 moons"}         | member_slots_ttl: expected a number of seconds, found "30 moons"
            """)
    void aValueThatIsNotUnderstoodIsNamedWithWhatWouldBe(String document, String objection) {
        assertThat(ClusterCodec.objections(document)).containsExactly(objection);
        assertThat(read(document).warnings()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"ttl\":\"30\",\"loop_wait\":\"10\",\"retry_timeout\":10.0}",
                "{\"synchronous_mode\":\"Quorum\",\"synchronous_mode_strict\":\"yes\",\"pause\":0}",
                "{\"synchronous_mode\":\"ON\",\"failsafe_mode\":\"off\",\"check_timeline\":null}",
                "{\"maximum_lag_on_failover\":\"0x100000\",\"max_timelines_history\":\"3.0\"}",
                "{\"maximum_lag_on_failover\":-1,\"ttl\":3}",
                "{\"member_slots_ttl\":\"30min\",\"unknown\":{\"a\":[1]},\"another\":\"maybe\"}"
            })
    void whatPatroniTakesIsTaken(String document) {
        assertThat(ClusterCodec.objections(document)).isEmpty();
    }

    @Test
    void theDocumentKeepsUnknownKeysAndIsCompact() {
        assertThat(read("{ \"ttl\": 20, \"x\": { \"y\": [1, 2.50] } }").document())
                .isEqualTo("{\"ttl\":20,\"x\":{\"y\":[1,2.50]}}");
    }

    @Test
    void whatOfTheServersIsDecidedUpon() {
        ClusterSettings.Postgres postgres = read("{\"postgresql\":{\"use_pg_rewind\":true,\"use_slots\":\"no\"}}")
                .postgres();
        assertThat(postgres.usePgRewind()).contains(true);
        assertThat(postgres.useSlots()).isFalse();
    }

    @Test
    void permanentSlotsArePhysicalUnlessTheySayOtherwise() {
        ClusterSettings settings = read("{\"slots\":{\"barman\":{\"type\":\"physical\"},\"plain\":null,\"zero\":0,"
                + "\"Wrong-Name\":{},\"cdc\":{\"database\":\"app\",\"plugin\":\"pgoutput\"},"
                + "\"half\":{\"type\":\"logical\",\"plugin\":\"pgoutput\"},\"odd\":{\"type\":\"both\"}}}");
        assertThat(settings.slots().permanent()).containsExactly("barman", "plain", "zero");
        assertThat(settings.slots().logical()).containsOnly(Map.entry("cdc", new LogicalSlot("app", "pgoutput")));
        assertThat(settings.warnings())
                .containsExactly(
                        "slots.Wrong-Name: not a name that PostgreSQL takes for a slot; it is left out",
                        "slots.half: a logical slot needs a database and a plugin; it is left out",
                        "slots.odd: type is physical or logical, found \"both\"; it is left out");
    }

    @Test
    void theOldNamesOfPermanentSlotsGoBefore() {
        assertThat(read("{\"slots\":{\"a\":{}},\"permanent_slots\":{\"b\":{}},\"permanent_replication_slots\":{}}")
                        .slots()
                        .permanent())
                .containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"name\":\"x\"}',                          true,  true",
        "'{\"name\":\"x\",\"type\":\"physical\"}',    true,  false",
        "'{\"type\":\"physical\",\"plugin\":\"\"}',   true,  false",
        "'{\"name\":\"y\"}',                          false, false",
        "'{\"name\":\"x\",\"type\":\"logical\"}',     false, true",
        "'{\"name\":\"x\",\"database\":\"app\"}',     false, true",
        "'{\"plugin\":\"pgoutput\"}',                 false, true",
        "'{\"plugin\":\"wal2json\"}',                 false, false",
    })
    void aSlotIsIgnoredIfItAgreesWithEveryAttribute(String rule, boolean physical, boolean logical) {
        SlotRules rules = read("{\"ignore_slots\":[" + rule + "]}").slots();
        assertThat(rules.ignores("x", Optional.empty())).isEqualTo(physical);
        assertThat(rules.ignores("x", Optional.of(new LogicalSlot("app", "pgoutput"))))
                .isEqualTo(logical);
    }
}
