package pgha.it.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.ClusterView;

/** Certificates and keys in the forms in which people have them. */
final class EtcdTlsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private Pki pki;
    private EtcdServer server;

    @BeforeEach
    void start() {
        pki = new Pki(directory, "RSA");
        server = EtcdServer.withTls(pki);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Dcs connect(Tls tls) {
        return EtcdDcs.connect(
                new DcsConfig(List.of(server.endpoint()), Optional.of(tls), Optional.empty(), "/service/tls/"),
                Thread::new);
    }

    private DcsReply<ClusterView> read(Tls tls) {
        try (Dcs dcs = connect(tls)) {
            return dcs.read(TIMEOUT);
        }
    }

    private static Tls tls(Path ca, Path certificate, Path key) {
        return new Tls(Optional.of(ca), Optional.of(certificate), Optional.of(key));
    }

    @Test
    void keysInPkcs8AndPkcs1AreRead() {
        assertThat(read(tls(pki.ca(), pki.clientCertificate(), pki.clientKey())))
                .isInstanceOf(Done.class);
        Path traditional = pki.traditionalClientKey();
        assertThat(traditional).content().contains("BEGIN RSA PRIVATE KEY");
        assertThat(read(tls(pki.ca(), pki.clientCertificate(), traditional))).isInstanceOf(Done.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ellipticKeysInBothFormsAreRead(boolean traditional, @TempDir Path other) {
        Pki elliptic = new Pki(other, "EC");
        Path key = traditional ? elliptic.traditionalClientKey() : elliptic.clientKey();
        try (EtcdServer another = EtcdServer.withTls(elliptic);
                Dcs dcs = EtcdDcs.connect(
                        new DcsConfig(
                                List.of(another.endpoint()),
                                Optional.of(tls(elliptic.ca(), elliptic.clientCertificate(), key)),
                                Optional.empty(),
                                "/service/tls/"),
                        Thread::new)) {
            assertThat(dcs.read(TIMEOUT)).isInstanceOf(Done.class);
        }
    }

    @Test
    void theKeyMayLieInTheFileOfTheCertificate() throws IOException {
        Path both = directory.resolve("both.pem");
        Files.writeString(both, Files.readString(pki.clientCertificate()) + Files.readString(pki.clientKey()));
        assertThat(read(new Tls(Optional.of(pki.ca()), Optional.of(both), Optional.empty())))
                .isInstanceOf(Done.class);
    }

    @Test
    void withoutAnAuthorityTheServerIsNotVerified() {
        assertThat(read(new Tls(Optional.empty(), Optional.of(pki.clientCertificate()), Optional.of(pki.clientKey()))))
                .isInstanceOf(Done.class);
    }

    @Test
    void aServerOfAnotherAuthorityIsRefusedWithTheCause(@TempDir Path other) {
        Pki foreign = new Pki(other, "RSA");
        assertThat(read(tls(foreign.ca(), pki.clientCertificate(), pki.clientKey())))
                .isInstanceOfSatisfying(NoAnswer.class, none -> assertThat(none.cause())
                        .startsWith("cannot reach any endpoint of etcd: 127.0.0.1:"));
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = directory.resolve("missing.key");
        assertThat(read(tls(pki.ca(), pki.clientCertificate(), missing)))
                .isInstanceOfSatisfying(NoAnswer.class, none -> assertThat(none.cause())
                        .isEqualTo(
                                "cannot reach any endpoint of etcd: cannot read %s: no such file".formatted(missing)));
    }

    @Test
    void replacedFilesCountFromTheNextConnection(@TempDir Path other) throws IOException {
        Path ca = directory.resolve("current-ca.crt");
        Pki foreign = new Pki(other, "RSA");
        Files.copy(foreign.ca(), ca);
        try (Dcs dcs = connect(tls(ca, pki.clientCertificate(), pki.clientKey()))) {
            assertThat(dcs.read(TIMEOUT)).isInstanceOf(NoAnswer.class);
            Files.copy(pki.ca(), ca, StandardCopyOption.REPLACE_EXISTING);
            assertThat(dcs.read(TIMEOUT)).isInstanceOf(Done.class);
        }
    }
}
