package pgha.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgha.dcs.InMemoryDcs;
import pgha.dcs.MemoryStore;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.AgentApi.CommandReply;

class StoreOrdersTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final MemoryStore store = new MemoryStore(Moment.EARLIEST);
    private final InMemoryDcs dcs = new InMemoryDcs(store, "/service/demo/", () -> Moment.EARLIEST);
    private final StoreOrders orders = new StoreOrders(dcs);

    private void given(String settings) {
        dcs.putSettings(settings, Revision.ZERO, TIMEOUT);
    }

    @Test
    void aPatchIsMergedAndAnsweredWithTheWhole() {
        given("{\"ttl\":30,\"pause\":true,\"x\":{\"a\":1,\"b\":2}}");

        assertThat(orders.patchSettings("{\"ttl\":20,\"pause\":null,\"x\":{\"b\":null,\"c\":3}}"))
                .isEqualTo(new CommandReply(200, "{\"ttl\":20,\"x\":{\"a\":1,\"c\":3}}"));
        Revision written = store.revision();
        assertThat(orders.patchSettings("{\"ttl\":\"20\"}").code()).isEqualTo(200);
        assertThat(store.revision()).isEqualTo(written);
    }

    @Test
    void aPatchNeedsSomethingToBeMergedInto() {
        assertThat(orders.patchSettings("{\"ttl\":20}").code()).isEqualTo(503);
        assertThat(orders.replaceSettings("{\"ttl\":20}")).isEqualTo(new CommandReply(200, "{\"ttl\":20}"));
        assertThat(orders.replaceSettings("{\"ttl\":25}")).isEqualTo(new CommandReply(200, "{\"ttl\":25}"));
    }

    @Test
    void aDocumentThatNobodyCouldReadIsRefusedByTheNameOfTheKey() {
        given("{\"ttl\":30}");

        assertThat(orders.patchSettings("{\"ttl\":\"soon\"}"))
                .isEqualTo(new CommandReply(
                        400, "cannot change the configuration: ttl: \"soon\" is not a number of seconds"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"synchronous_mode":"maybe"}               | synchronous_mode: expected on, off or quorum, found "maybe"
            {"maximum_lag_on_failover":{}}             | maximum_lag_on_failover: expected one value, found "{}"
            {"postgresql":{"callbacks":"x"}}           | postgresql.callbacks: expected a mapping, found "x"
            {"postgresql":{"use_unix_socket":"maybe"}} | postgresql.use_unix_socket: expected true or false, found "maybe"
            {"postgresql":{"use_slots":"maybe"}}       | postgresql.use_slots: expected true or false, found "maybe"
            {"postgresql":{"pre_promote":["a"]}}       | postgresql.pre_promote: expected a text, found a list
            """)
    void aValueThatNobodyUnderstandsIsRefusedByTheNameOfTheKey(String patch, String objection) {
        String before = "{\"ttl\":30,\"synchronous_mode\":true}";
        given(before);
        Revision written = store.revision();

        assertThat(orders.patchSettings(patch))
                .isEqualTo(new CommandReply(400, "cannot change the configuration: " + objection));
        assertThat(orders.replaceSettings(patch).code()).isEqualTo(400);
        assertThat(store.revision()).isEqualTo(written);
    }

    @Test
    void whatIsInTheStoreAlreadyIsNoObjectionToAChangeOfSomethingElse() {
        given("{\"synchronous_mode\":\"maybe\",\"postgresql\":{\"callbacks\":\"x\"}}");

        assertThat(orders.patchSettings("{\"ttl\":\"40\",\"pause\":\"Yes\",\"unknown\":{\"key\":[]}}")
                        .code())
                .isEqualTo(200);
        assertThat(orders.patchSettings("{\"synchronous_mode\":\"perhaps\"}").code())
                .isEqualTo(400);
    }

    @Test
    void aPatchThatWouldTakeEveryParameterAwayIsRefused() {
        String before = "{\"postgresql\":{\"parameters\":{\"work_mem\":\"8MB\"}}}";
        given(before);

        assertThat(orders.patchSettings("{\"postgresql\":\"x\"}"))
                .isEqualTo(new CommandReply(
                        400, "cannot change the configuration: postgresql: expected a mapping, found \"\"x\"\""));
        assertThat(orders.patchSettings("{}")).isEqualTo(new CommandReply(200, before));
    }

    @Test
    void aSilentStoreIsSaidToBeSilent() {
        given("{\"ttl\":30}");
        dcs.disconnect();

        assertThat(orders.patchSettings("{\"ttl\":20}").code()).isEqualTo(503);
        assertThat(orders.cancelSwitchover().code()).isEqualTo(503);
    }

    @Test
    void onlyAScheduledSwitchoverCanBeTakenBack() {
        assertThat(orders.cancelSwitchover()).isEqualTo(new CommandReply(404, "no switchover is scheduled"));
        dcs.putSwitchover(
                new SwitchoverRequest(
                        Optional.of(new MemberName("pg1")),
                        Optional.empty(),
                        Optional.of("2026-01-01T12:00:00+00:00"),
                        Revision.ZERO),
                TIMEOUT);

        assertThat(orders.cancelSwitchover()).isEqualTo(new CommandReply(200, "scheduled switchover deleted"));
        assertThat(orders.cancelSwitchover().code()).isEqualTo(404);
    }
}
