package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.HostPort;

class KerberosTest {
    private static final int GSS = 7;

    private final PostgresConfig config = Configs.withKerberosServiceName(Path.of("/x"), "pgsql");

    @Test
    void toolsAndTheDriverAskForTheServiceByItsName() {
        Programs programs = Programs.of(config, Map.of("PGKRBSRVNAME", "somebody's"));

        assertThat(programs.forLibpq()).isEqualTo(Map.of("PGPASSFILE", "/x/pgpass", "PGKRBSRVNAME", "pgsql"));
        assertThat(programs.tool("pg_rewind", java.util.List.of(), Path.of("/x/out"))
                        .environment())
                .containsEntry("PGKRBSRVNAME", "pgsql")
                .containsEntry("PGPASSFILE", "/x/pgpass");
        assertThat(new Sql(config).properties(config.superuser(), Duration.ZERO))
                .containsEntry("kerberosServerName", "pgsql")
                .containsEntry("gssUseDefaultCreds", "true");
    }

    @Test
    void withoutANameItIsLibpqsDefault() {
        PostgresConfig plain = Configs.in(Path.of("/x"), Map.of());

        assertThat(Programs.of(plain, Map.of()).forLibpq()).containsOnlyKeys("PGPASSFILE");
        assertThat(new Sql(plain).properties(plain.superuser(), Duration.ZERO)).doesNotContainKey("kerberosServerName");
    }

    /** The driver's own way is a login by JAAS, which nobody configures for an agent. */
    @Test
    void theSystemsTicketsAreAskedFor() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> askForKerberos(server));
            HostPort address = new HostPort("127.0.0.1", server.getLocalPort());

            assertThatThrownBy(() -> new Sql(config).toMember(address, config.superuser(), Duration.ofSeconds(5)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith("GSS")
                    .satisfies(e -> assertThat(e.getCause()).isInstanceOf(org.ietf.jgss.GSSException.class));
            asked.join();
        }
    }

    private static void askForKerberos(ServerSocket server) {
        try (Socket client = server.accept()) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            // Whether we speak TLS; and then who it is.
            in.skipNBytes(in.readInt() - Integer.BYTES);
            out.writeByte('N');
            in.skipNBytes(in.readInt() - Integer.BYTES);
            out.writeByte('R');
            out.writeInt(2 * Integer.BYTES);
            out.writeInt(GSS);
            assertThat(in.read()).as("what comes without a ticket").isNegative();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
