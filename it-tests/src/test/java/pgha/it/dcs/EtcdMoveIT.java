package pgha.it.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Credentials;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;

/** What a reload changes in how etcd is reached: the lease is the same one afterwards, and nothing is lost in between. */
final class EtcdMoveIT {
    /** Later than whatever a test writes. */
    private static final Revision EVER = new Revision(Integer.MAX_VALUE);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final String PREFIX = "/service/move/";
    private static final MemberName SELF = new MemberName("pg-1");

    @TempDir
    private Path directory;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Optional<EtcdServer> running = Optional.empty();

    private final Dcs.Listener listener = new Dcs.Listener() {
        @Override
        public void viewChanged(ClusterView view) {
            heard.add(view.leader().map(leader -> leader.name().value()).orElse("nobody"));
        }

        @Override
        public void linkLost(String cause) {
            heard.add("lost: " + cause);
        }

        @Override
        public void warned(String sentence) {
            heard.add("warned: " + sentence);
        }
    };

    @AfterEach
    void stop() {
        running.ifPresent(EtcdServer::close);
    }

    private EtcdServer run(EtcdServer server) {
        running = Optional.of(server);
        return server;
    }

    private static DcsConfig config(List<HostPort> endpoints, Optional<Tls> tls, Optional<Credentials> user) {
        return new DcsConfig(endpoints, tls, user, PREFIX);
    }

    private static LeaseId lead(EtcdDcs dcs) {
        LeaseId lease = ((Done<Dcs.Grant>) dcs.grant(TTL, TIMEOUT)).value().lease();
        assertThat(dcs.takeLeaderKey(SELF, lease, EVER, TIMEOUT)).isInstanceOf(Done.class);
        return lease;
    }

    private String next() throws InterruptedException {
        return Optional.ofNullable(heard.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .orElse("nothing");
    }

    /** The lease can be renewed, the leader key is there, and what others write is seen. */
    private void goesOn(EtcdDcs dcs, LeaseId lease) throws InterruptedException {
        assertThat(dcs.renew(lease, TIMEOUT)).isInstanceOf(Done.class);
        assertThat(next()).isEqualTo("pg-1");
        assertThat(dcs.releaseLeaderKey(SELF, lease, Optional.empty(), TIMEOUT)).isInstanceOf(Done.class);
        assertThat(next()).isEqualTo("nobody");
        assertThat(heard).isEmpty();
    }

    @Test
    void otherEndpointsOfTheSameEtcd() throws InterruptedException {
        EtcdServer server = run(EtcdServer.plain());
        HostPort byName = new HostPort("localhost", server.endpoint().port());
        try (EtcdDcs dcs =
                EtcdDcs.connect(config(List.of(server.endpoint()), Optional.empty(), Optional.empty()), Thread::new)) {
            LeaseId lease = lead(dcs);
            dcs.follow(listener);
            assertThat(next()).isEqualTo("pg-1");

            assertThat(dcs.use(config(List.of(byName), Optional.empty(), Optional.empty())))
                    .isEqualTo(new Done<>(true));
            goesOn(dcs, lease);
            assertThat(dcs.use(config(List.of(byName), Optional.empty(), Optional.empty())))
                    .isEqualTo(new Done<>(false));
        }
    }

    @Test
    void endpointsAtWhichNobodyOrAnotherEtcdAnswersAreRefused() throws InterruptedException {
        EtcdServer server = run(EtcdServer.plain());
        try (EtcdServer other = EtcdServer.withShortTokens();
                EtcdDcs dcs = EtcdDcs.connect(
                        config(List.of(server.endpoint()), Optional.empty(), Optional.empty()), Thread::new)) {
            LeaseId lease = lead(dcs);
            dcs.follow(listener);
            assertThat(next()).isEqualTo("pg-1");

            assertThat(dcs.use(config(List.of(new HostPort("127.0.0.1", 1)), Optional.empty(), Optional.empty())))
                    .isInstanceOf(Refused.class);
            assertThat(dcs.use(config(List.of(other.endpoint()), Optional.empty(), Optional.empty())))
                    .isEqualTo(new Refused<>("another etcd cluster answers there, which does not have our keys"));
            assertThat(heard).isEmpty();
            assertThat(dcs.renew(lease, TIMEOUT)).isInstanceOf(Done.class);
        }
    }

    @Test
    void anotherUserAndAWrongPassword() throws InterruptedException {
        EtcdServer server = run(EtcdServer.plain());
        server.ctl("user", "add", "root:first");
        server.ctl("user", "grant-role", "root", "root");
        server.ctl("user", "add", "agent:second");
        server.ctl("user", "grant-role", "agent", "root");
        server.ctl("auth", "enable");
        List<HostPort> endpoints = List.of(server.endpoint());
        try (EtcdDcs dcs = EtcdDcs.connect(
                config(endpoints, Optional.empty(), Optional.of(new Credentials("root", "first"))), Thread::new)) {
            LeaseId lease = lead(dcs);
            dcs.follow(listener);
            assertThat(next()).isEqualTo("pg-1");

            DcsReply<Boolean> wrong =
                    dcs.use(config(endpoints, Optional.empty(), Optional.of(new Credentials("agent", "third"))));
            assertThat(wrong).isInstanceOf(Refused.class);
            assertThat(wrong.toString()).contains("agent").doesNotContain("third");

            assertThat(dcs.use(config(endpoints, Optional.empty(), Optional.of(new Credentials("agent", "second")))))
                    .isEqualTo(new Done<>(true));
            goesOn(dcs, lease);
        }
    }

    @Test
    void otherCertificates(@TempDir Path foreign) throws InterruptedException {
        Pki pki = new Pki(directory, "EC");
        EtcdServer server = run(EtcdServer.withTls(pki));
        List<HostPort> endpoints = List.of(server.endpoint());
        Tls first = new Tls(Optional.of(pki.ca()), Optional.of(pki.clientCertificate()), Optional.of(pki.clientKey()));
        Tls second = new Tls(
                Optional.of(pki.ca()), Optional.of(pki.clientCertificate()), Optional.of(pki.traditionalClientKey()));
        Tls wrong = new Tls(Optional.of(new Pki(foreign, "EC").ca()), first.certificate(), first.key());
        try (EtcdDcs dcs = EtcdDcs.connect(config(endpoints, Optional.of(first), Optional.empty()), Thread::new)) {
            LeaseId lease = lead(dcs);
            dcs.follow(listener);
            assertThat(next()).isEqualTo("pg-1");

            assertThat(dcs.use(config(endpoints, Optional.of(wrong), Optional.empty())))
                    .isInstanceOf(Refused.class);
            assertThat(dcs.use(config(endpoints, Optional.of(second), Optional.empty())))
                    .isEqualTo(new Done<>(true));
            goesOn(dcs, lease);
        }
    }
}
