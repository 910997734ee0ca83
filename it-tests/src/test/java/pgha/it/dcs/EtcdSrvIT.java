package pgha.it.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Srv;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.RecordingListener;
import pgha.dcs.dns.DnsServer;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LeaseId;
import pgha.lab.Patience;

/** A client that knows a domain finds etcd by its SRV records alone, and does without DNS afterwards. */
@Timeout(120)
final class EtcdSrvIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Tls NO_FILES = new Tls(Optional.empty(), Optional.empty(), Optional.empty());
    private static final String CLIENT = "_etcd-client._tcp.example.org";

    private final DnsServer dns = new DnsServer();
    private Optional<EtcdServer> running = Optional.empty();

    @AfterEach
    void stop() {
        running.ifPresent(EtcdServer::close);
        dns.close();
    }

    private EtcdServer run(EtcdServer server) {
        running = Optional.of(server);
        return server;
    }

    private EtcdDcs connect(Tls tls, HostPort... hosts) {
        DcsConfig config = new DcsConfig(
                List.of(hosts),
                Optional.empty(),
                Optional.empty(),
                "/service/srv/",
                Optional.of(new Srv("example.org", Optional.empty(), tls)));
        return EtcdDcs.connect(config, Thread::new, dns.resolver());
    }

    private static String record(int priority, HostPort at, String host) {
        return "%d 0 %d %s".formatted(priority, at.port(), host);
    }

    private static void demandAnswer(Dcs dcs) {
        Patience.demand("etcd is found", PATIENCE, () -> dcs.read(TIMEOUT) instanceof Done);
    }

    @Test
    void theRecordsAreEnoughAndOnlyTheBeginning() {
        EtcdServer server = run(EtcdServer.plain());
        dns.publish(CLIENT, record(0, server.endpoint(), "127.0.0.1"));
        RecordingListener listener = new RecordingListener();
        try (EtcdDcs dcs = connect(NO_FILES)) {
            LeaseId lease = ((Done<Dcs.Grant>) dcs.grant(Duration.ofSeconds(60), TIMEOUT))
                    .value()
                    .lease();
            dcs.follow(listener);
            Patience.demand("a view", PATIENCE, () -> !listener.views().isEmpty());
            dns.close();

            server.kill();
            assertThat(dcs.renew(lease, Duration.ofSeconds(1))).isInstanceOf(NoAnswer.class);
            server.start();

            Patience.demand("the lease goes on", PATIENCE, () -> dcs.renew(lease, TIMEOUT) instanceof Done);
            Patience.demand("another view", PATIENCE, () -> listener.views().size() > 1);
        }
    }

    @Test
    void recordsThatComeLateAreFound() {
        EtcdServer server = run(EtcdServer.plain());
        try (EtcdDcs dcs = connect(NO_FILES)) {
            assertThat(dcs.read(Duration.ofSeconds(2))).isInstanceOf(NoAnswer.class);
            dns.publish(CLIENT, record(0, server.endpoint(), "localhost"));
            demandAnswer(dcs);
        }
    }

    @Test
    void hostsStandInAndWhatDnsLacksIsTold() {
        EtcdServer server = run(EtcdServer.plain());
        RecordingListener listener = new RecordingListener();
        try (EtcdDcs dcs = connect(NO_FILES, server.endpoint())) {
            dcs.follow(listener);
            Patience.demand("a warning", PATIENCE, () -> !listener.warnings().isEmpty());
            assertThat(listener.views()).isNotEmpty();
            assertThat(listener.losses()).isEmpty();
            assertThat(listener.warnings()).singleElement().asString().startsWith("DNS names no etcd");
        }
    }

    @Test
    void whileNobodyAnswersTheRecordsAreReadAgain() {
        EtcdServer server = run(EtcdServer.plain());
        dns.publish(CLIENT, "0 0 1 127.0.0.1");
        try (EtcdDcs dcs = connect(NO_FILES)) {
            assertThat(dcs.read(Duration.ofSeconds(2)))
                    .isInstanceOfSatisfying(
                            NoAnswer.class, none -> assertThat(none.cause()).contains("127.0.0.1:1"));
            dns.publish(CLIENT, record(0, server.endpoint(), "127.0.0.1"));
            demandAnswer(dcs);
        }
    }

    @Test
    void aSpareIsFoundBehindOneThatIsGone() {
        EtcdServer server = run(EtcdServer.plain());
        dns.publish(CLIENT, "0 0 1 127.0.0.1", record(10, server.endpoint(), "127.0.0.1"));
        try (EtcdDcs dcs = connect(NO_FILES)) {
            demandAnswer(dcs);
        }
    }

    @Test
    void recordsOfTheServiceWithTlsAskForTls(@TempDir Path directory) {
        Pki pki = new Pki(directory, "EC");
        EtcdServer server = run(EtcdServer.withTls(pki));
        dns.publish("_etcd-client-ssl._tcp.example.org", record(0, server.endpoint(), "localhost"));
        Tls tls = new Tls(Optional.of(pki.ca()), Optional.of(pki.clientCertificate()), Optional.of(pki.clientKey()));
        try (EtcdDcs dcs = connect(tls)) {
            demandAnswer(dcs);
        }
    }

    @Test
    void aMemberTellsWhereClientsAreServed() {
        EtcdServer server = run(EtcdServer.plain());
        dns.publish("_etcd-server._tcp.example.org", record(0, server.peer(), "127.0.0.1"));
        try (EtcdDcs dcs = connect(NO_FILES)) {
            demandAnswer(dcs);
        }
    }
}
