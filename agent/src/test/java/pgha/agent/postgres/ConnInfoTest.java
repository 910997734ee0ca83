package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.HostPort;

class ConnInfoTest {
    @Test
    void hasPatronisKeywordsInPatronisOrderAndNoPassword() {
        PostgresConfig config = Configs.in(Path.of("/x"), Map.of());

        ConnInfo info = ConnInfo.to(new HostPort("10.77.0.2", 5433), config.replication(), config, "pg-1");

        assertThat(info)
                .hasToString("dbname=postgres user=replicator passfile=/x/pgpass host=10.77.0.2 port=5433"
                        + " sslmode=prefer application_name=pg-1");
    }

    @Test
    void serversMayBeKnownToKerberosByAnotherName() {
        PostgresConfig config = Configs.withKerberosServiceName(Path.of("/x"), "pgsql");

        assertThat(ConnInfo.to(new HostPort("a", 5432), config.replication(), config, "pg-1")
                        .toString())
                .endsWith(" application_name=pg-1 krbsrvname=pgsql");
    }

    @Test
    void readsWhatItWrites() {
        ConnInfo odd = new ConnInfo(Map.of())
                .with("user", "o'brien")
                .with("password", "a b\\c=")
                .with("host", "");

        assertThat(ConnInfo.parse(odd.toString())).isEqualTo(odd);
        assertThat(odd).hasToString("user='o\\'brien' password='a b\\\\c=' host=''");
    }

    @Test
    void readsSpacesAroundTheSign() {
        assertThat(ConnInfo.parse(" host = a  port= 1 ").server()).contains(new HostPort("a", 1));
    }

    @Test
    void leadsNowhereWithoutAHost() {
        assertThat(ConnInfo.parse("").server()).isEmpty();
        assertThat(ConnInfo.parse("port=5432").server()).isEmpty();
        assertThat(ConnInfo.parse("host=a").server()).contains(new HostPort("a", 5432));
    }
}
