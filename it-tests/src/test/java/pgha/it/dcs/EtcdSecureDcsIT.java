package pgha.it.dcs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsContract;
import pgha.dcs.StoreUnderTest;

/** etcd keeps the contract with TLS in both directions and its own users, one of whom may only touch our cluster. */
final class EtcdSecureDcsIT extends DcsContract {
    private static EtcdServer server;
    private static Pki pki;

    @BeforeAll
    static void start(@TempDir Path directory) {
        pki = new Pki(directory, "RSA");
        server = EtcdServer.withTls(pki);
        server.ctl("role", "add", "cluster");
        server.ctl("role", "grant-permission", "cluster", "--prefix=true", "readwrite", StoreUnderTest.PREFIX);
        server.ctl("user", "add", "agent:secret");
        server.ctl("user", "grant-role", "agent", "cluster");
        server.ctl("user", "add", "root:rootsecret");
        server.ctl("user", "grant-role", "root", "root");
        server.ctl("auth", "enable");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected StoreUnderTest open() {
        DcsConfig config = new DcsConfig(
                List.of(server.endpoint()),
                Optional.of(new DcsConfig.Tls(
                        Optional.of(pki.ca()), Optional.of(pki.clientCertificate()), Optional.of(pki.clientKey()))),
                Optional.of(new DcsConfig.Credentials("agent", "secret")),
                StoreUnderTest.PREFIX);
        return new EtcdStoreUnderTest(server, config, List.of("--user=root:rootsecret"));
    }
}
