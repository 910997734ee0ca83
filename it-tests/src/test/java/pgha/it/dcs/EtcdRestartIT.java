package pgha.it.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Credentials;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.RecordingListener;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.lab.Patience;

/** One etcd that is restarted, emptied, locked up and asked for its own count of our requests. */
final class EtcdRestartIT {
    /** Later than whatever a test writes. */
    private static final Revision EVER = new Revision(Integer.MAX_VALUE);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PREFIX = "/service/restart/";
    private static final MemberName SELF = new MemberName("self");

    private EtcdServer server;

    @BeforeEach
    void start() {
        server = EtcdServer.plain();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Dcs connect() {
        return connect(Optional.empty());
    }

    private Dcs connect(Optional<Credentials> credentials) {
        return EtcdDcs.connect(
                new DcsConfig(List.of(server.endpoint()), Optional.empty(), credentials, PREFIX), Thread::new);
    }

    private static LeaseId lease(Dcs dcs) {
        return ((Done<Dcs.Grant>) dcs.grant(Duration.ofSeconds(60), TIMEOUT))
                .value()
                .lease();
    }

    private static RecordingListener follow(Dcs dcs) {
        RecordingListener listener = new RecordingListener();
        dcs.follow(listener);
        await(() -> !listener.views().isEmpty());
        return listener;
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Patience.until(PATIENCE, condition)).isTrue();
    }

    /** How many messages of one kind etcd says it has received. */
    private long received(String method) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/metrics"))
                    .build();
            String metrics =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return metrics.lines()
                    .filter(line -> line.startsWith("grpc_server_msg_received_total{")
                            && line.contains("grpc_method=\"" + method + "\""))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Test
    void oneKeepaliveACallAndNoneBeside() throws IOException, InterruptedException {
        try (Dcs dcs = connect()) {
            LeaseId lease = lease(dcs);
            follow(dcs);
            for (int i = 0; i < 10; i++) {
                assertThat(dcs.renew(lease, TIMEOUT)).isInstanceOf(Done.class);
            }
            assertThat(received("LeaseKeepAlive")).isEqualTo(10);
            assertThat(received("LeaseGrant")).isEqualTo(1);
        }
    }

    @Test
    void leaseKeysAndWatchGoOnAfterARestart() {
        try (Dcs dcs = connect()) {
            RecordingListener listener = follow(dcs);
            LeaseId lease = lease(dcs);
            assertThat(dcs.takeLeaderKey(SELF, lease, EVER, TIMEOUT)).isInstanceOf(Done.class);
            await(() -> listener.latest().leader().isPresent());
            int before = listener.views().size();

            server.kill();
            await(() -> !listener.losses().isEmpty());
            assertThat(dcs.renew(lease, Duration.ofMillis(500)))
                    .isInstanceOfSatisfying(
                            NoAnswer.class, none -> assertThat(none.cause()).contains("Connection refused"));
            server.start();

            await(() -> dcs.renew(lease, TIMEOUT) instanceof Done<Duration>);
            await(() -> listener.views().size() > before);
            assertThat(listener.latest().leader().orElseThrow().lease()).isEqualTo(lease);
            assertThat(listener.losses()).hasSize(1);
        }
    }

    @Test
    void aCallThatBeganInTheOutageIsAnsweredAfterIt() {
        try (Dcs dcs = connect()) {
            LeaseId lease = lease(dcs);
            server.kill();
            // What is sent before the client knows is not answered, rightly.
            await(() -> dcs.renew(lease, Duration.ofMillis(500)) instanceof NoAnswer<Duration> none
                    && none.cause().contains("Connection refused"));
            Thread restart = new Thread(server::start);
            restart.start();
            assertThat(dcs.renew(lease, PATIENCE)).isInstanceOf(Done.class);
            await(() -> !restart.isAlive());
        }
    }

    @Test
    void aStoreThatWentBackInTimeIsTakenAsItIs() {
        try (Dcs dcs = connect()) {
            RecordingListener listener = follow(dcs);
            server.ctl("put", PREFIX + "status", "1");
            server.ctl("put", PREFIX + "status", "2");
            await(() -> listener.views().size() == 3);
            server.kill();
            server.forgetEverything();
            server.start();

            await(() -> listener.views().size() == 4);
            assertThat(listener.latest().status()).isEmpty();
            assertThat(listener.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("the store went back from revision 3");
        }
    }

    @Test
    void aTokenThatARestartedEtcdDoesNotKnowIsReplacedWithinTheCall() {
        lock();
        try (Dcs dcs = connect(Optional.of(new Credentials("root", "secret")))) {
            LeaseId lease = lease(dcs);
            RecordingListener listener = follow(dcs);
            server.kill();
            server.start();

            await(() -> dcs.renew(lease, TIMEOUT) instanceof Done<Duration>);
            assertThat(dcs.takeLeaderKey(SELF, lease, EVER, TIMEOUT)).isInstanceOf(Done.class);
            await(() -> listener.latest().leader().isPresent());
        }
    }

    /** Renewals do not count as use of a token, and they are all that an idle agent sends for minutes. */
    @Test
    void aTokenThatEndedIsReplacedWithinTheCall() {
        server.close();
        server = EtcdServer.withShortTokens();
        lock();
        try (Dcs dcs = connect(Optional.of(new Credentials("root", "secret")))) {
            RecordingListener listener = follow(dcs);
            LeaseId lease = lease(dcs);
            assertThat(Patience.until(
                            Duration.ofSeconds(4), () -> !(dcs.renew(lease, TIMEOUT) instanceof Done<Duration>)))
                    .as("a renewal was not answered")
                    .isFalse();

            assertThat(dcs.takeLeaderKey(SELF, lease, EVER, TIMEOUT)).isInstanceOf(Done.class);
            await(() -> listener.latest().leader().isPresent());
            assertThat(listener.losses()).isEmpty();
        }
    }

    @Test
    void aWrongPasswordIsSaidPlainly() {
        lock();
        try (Dcs dcs = connect(Optional.of(new Credentials("root", "wrong")))) {
            DcsReply<ClusterView> reply = dcs.read(TIMEOUT);
            assertThat(reply).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                    .isEqualTo("cannot log in to etcd as user \"root\": etcdserver: authentication failed, "
                            + "invalid user ID or password; look at etcd3.username and etcd3.password"));
        }
        try (Dcs dcs = connect()) {
            assertThat(dcs.read(TIMEOUT)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                    .contains("user name is empty"));
        }
    }

    @Test
    void credentialsThatNobodyAsksForDoNoHarm() {
        try (Dcs dcs = connect(Optional.of(new Credentials("root", "secret")))) {
            assertThat(dcs.read(TIMEOUT)).isInstanceOf(Done.class);
            lock();
            assertThat(dcs.read(TIMEOUT)).isInstanceOf(Done.class);
        }
    }

    private void lock() {
        server.ctl("user", "add", "root:secret");
        server.ctl("user", "grant-role", "root", "root");
        server.ctl("auth", "enable");
    }

    @Test
    void afterTheEndNothingIsAnsweredAndNothingHangs() {
        Dcs dcs = connect();
        RecordingListener listener = follow(dcs);
        dcs.close();
        int views = listener.views().size();
        assertThat(dcs.read(TIMEOUT)).isInstanceOf(NoAnswer.class);
        server.ctl("put", PREFIX + "status", "1");
        assertThat(listener.views()).hasSize(views);
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    void anEndpointThatNobodyListensOnIsPassedOver() {
        DcsConfig config = new DcsConfig(
                List.of(new HostPort("127.0.0.1", 1), server.endpoint(), new HostPort("localhost", 1)),
                Optional.empty(),
                Optional.empty(),
                PREFIX);
        for (int i = 0; i < 5; i++) {
            try (Dcs dcs = EtcdDcs.connect(config, Thread::new)) {
                assertThat(dcs.read(TIMEOUT)).isInstanceOf(Done.class);
            }
        }
    }
}
