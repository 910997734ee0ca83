package pgha.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Srv;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.dns.DnsServer;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;

/** What a client says whom DNS does not tell where etcd is. */
@Timeout(60)
final class EtcdDcsSrvTest {
    private static final Srv SRV =
            new Srv("example.org", Optional.empty(), new Tls(Optional.empty(), Optional.empty(), Optional.empty()));

    private static DcsConfig config(List<HostPort> hosts) {
        return new DcsConfig(hosts, Optional.empty(), Optional.empty(), "/service/demo/", Optional.of(SRV));
    }

    @Test
    void aDomainThatNamesNoEtcdIsToldToTheCallerAndToTheListener() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (DnsServer dns = new DnsServer();
                EtcdDcs dcs = EtcdDcs.connect(config(List.of()), EtcdDcsSrvTest::thread, dns.resolver())) {
            assertThat(dcs.read(Duration.ofSeconds(3))).isInstanceOfSatisfying(NoAnswer.class, none -> assertThat(
                            none.cause())
                    .startsWith("cannot reach any endpoint of etcd: DNS names no etcd, there is no SRV record of")
                    .contains("_etcd-client._tcp.example.org")
                    .contains("list etcd's members under etcd3.hosts"));
            dcs.follow(new Dcs.Listener() {
                @Override
                public void viewChanged(ClusterView view) {}

                @Override
                public void linkLost(String cause) {
                    heard.add(cause);
                }

                @Override
                public void warned(String sentence) {
                    heard.add(sentence);
                }
            });
            assertThat(heard.poll(30, TimeUnit.SECONDS)).contains("DNS names no etcd");
        }
    }

    @Test
    void hostsThatAreWrittenDownStandIn() {
        try (DnsServer dns = new DnsServer();
                EtcdDcs dcs = EtcdDcs.connect(
                        config(List.of(new HostPort("127.0.0.1", 1))), EtcdDcsSrvTest::thread, dns.resolver())) {
            assertThat(dcs.read(Duration.ofSeconds(3)))
                    .isInstanceOfSatisfying(NoAnswer.class, none -> assertThat(none.cause())
                            .contains("127.0.0.1:1: Connection refused"));
        }
    }

    @Test
    void withNeitherThereIsNothingToAsk() {
        DcsConfig nowhere = new DcsConfig(List.of(), Optional.empty(), Optional.empty(), "/service/demo/");
        assertThatThrownBy(() -> EtcdDcs.connect(nowhere, Thread::new)).hasMessageContaining("no endpoints");
    }

    private static Thread thread(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }
}
