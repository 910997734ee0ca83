package pgha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.agent.config.ConfigLoader.Loaded;
import pgha.agent.config.ConfigLoader.Refused;
import pgha.agent.config.ConfigLoader.Valid;
import pgha.dcs.DcsConfig;

/** Where a file says that etcd is. */
final class EtcdSectionTest {
    private Path file = Path.of("agent.yml");

    @BeforeEach
    void place(@TempDir Path directory) {
        file = directory.resolve("agent.yml");
    }

    private static String withEtcd(String section) {
        return """
                scope: demo
                name: pg-1
                etcd3: {%s}
                restapi: {listen: "10.0.0.1:8008"}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: /data
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                """.formatted(section);
    }

    private static DcsConfig etcd(Path file, Map<String, String> environment) {
        Loaded<AgentConfig> loaded = ConfigLoader.load(file, environment);
        assertThat(loaded.warnings()).isEmpty();
        return ((Valid<AgentConfig>) loaded).config().dcs();
    }

    @Test
    void aProxyOfEtcdIsItsOnlyEndpoint() throws IOException {
        Files.writeString(file, withEtcd("proxy: https://ann:pw@10.0.0.9:4001, url: http://10.0.0.8, hosts: 10.0.0.7"));

        DcsConfig etcd = etcd(file, Map.of());

        assertThat(etcd.endpoints()).hasToString("[10.0.0.9:4001]");
        assertThat(etcd.tls()).isPresent();
        assertThat(etcd.credentials()).contains(new DcsConfig.Credentials("ann", "pw"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"srv", "discovery_srv", "srv_domain"})
    void aDomainIsEnoughToFindEtcd(String key) throws IOException {
        Files.writeString(file, withEtcd(key + ": example.org, srv_suffix: east, cacert: /ca.crt"));

        DcsConfig etcd = etcd(file, Map.of());

        DcsConfig.Tls tls = new DcsConfig.Tls(Optional.of(Path.of("/ca.crt")), Optional.empty(), Optional.empty());
        assertThat(etcd.srv()).contains(new DcsConfig.Srv("example.org", Optional.of("east"), tls));
        assertThat(etcd.endpoints()).isEmpty();
        assertThat(etcd.tls()).as("DNS says whether etcd speaks TLS").isEmpty();
        assertThat(etcd.withPrefix("/other/").srv()).isEqualTo(etcd.srv());
    }

    @Test
    void hostsBesideADomainAreKeptAndAProxyNeedsNone() throws IOException {
        Files.writeString(file, withEtcd("srv: one.org, srv_domain: two.org, host: 10.0.0.1, protocol: https"));
        DcsConfig both = etcd(file, Map.of());
        Files.writeString(file, withEtcd("srv: example.org, proxy: http://10.0.0.9"));
        DcsConfig proxied = etcd(file, Map.of());

        assertThat(both.srv().map(DcsConfig.Srv::domain)).contains("two.org");
        assertThat(both.endpoints()).hasToString("[10.0.0.1:2379]");
        assertThat(both.tls()).isPresent();
        assertThat(proxied.srv()).isEmpty();
        assertThat(proxied.whereabouts()).isEqualTo("[10.0.0.9:2379]");
    }

    @Test
    void theDomainMayComeFromTheEnvironment() throws IOException {
        Files.writeString(file, withEtcd(""));

        DcsConfig etcd = etcd(file, Map.of("PATRONI_ETCD3_SRV", "example.org", "PATRONI_ETCD3_SRV_SUFFIX", "east"));

        assertThat(etcd.srv().flatMap(DcsConfig.Srv::suffix)).contains("east");
        assertThat(etcd.whereabouts()).isEqualTo("the SRV records of example.org");
    }

    @Test
    void whatIsNoDomainIsRefused() throws IOException {
        Files.writeString(file, withEtcd("srv: \"ldap://example.org\", host: 10.0.0.1"));

        assertThat(((Refused<AgentConfig>) ConfigLoader.load(file, Map.of())).problems())
                .containsExactly(file + ":3: etcd3.srv: not a name in DNS: \"ldap://example.org\";"
                        + " expected one like example.org");
    }
}
