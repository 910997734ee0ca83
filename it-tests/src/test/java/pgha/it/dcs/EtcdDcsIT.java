package pgha.it.dcs;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsContract;
import pgha.dcs.StoreUnderTest;

/** etcd keeps the contract. */
final class EtcdDcsIT extends DcsContract {
    private static EtcdServer server;

    @BeforeAll
    static void start() {
        server = EtcdServer.plain();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected StoreUnderTest open() {
        DcsConfig config =
                new DcsConfig(List.of(server.endpoint()), Optional.empty(), Optional.empty(), StoreUnderTest.PREFIX);
        return new EtcdStoreUnderTest(server, config, List.of());
    }
}
