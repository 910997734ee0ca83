package pgha.agent.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;

/** Files that are right in themselves, on a host that they do not fit. */
class HostInspectionTest {
    private static final String FILE = """
            scope: demo
            name: pg-1
            restapi:
              listen: 127.0.0.1:%(rest)
              connect_address: %(address):8008
            etcd3:
              hosts: 127.0.0.1:%(etcd)
            postgresql:
              listen: 127.0.0.1:%(postgres)
              connect_address: %(address):5432
              data_dir: %(directory)/data
              bin_dir: %(directory)/bin
              authentication:
                superuser: {username: postgres}
                replication: {username: replicator}
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void install() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String program : List.of("postgres", "initdb", "pg_controldata", "pg_basebackup", "pg_rewind")) {
            Path file = Files.writeString(bin.resolve(program), "#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** What is said of the file with these words put in, in an environment where etcd answers at its port. */
    private List<String> findings(String address, int restPort, int etcdPort, String more) throws IOException {
        return findings(address, restPort, Integer.toString(etcdPort), more);
    }

    /** @param etcd a port, and more lines of its section */
    private List<String> findings(String address, int restPort, String etcd, String more) throws IOException {
        Path file = directory.resolve("agent.yml");
        Files.writeString(
                file,
                FILE.replace("%(rest)", Integer.toString(restPort))
                                .replace("%(etcd)", etcd)
                                .replace("%(postgres)", Integer.toString(freePort()))
                                .replace("%(address)", address)
                                .replace("%(directory)", directory.toString())
                        + more);
        var loaded = ConfigLoader.load(file);
        assertThat(loaded).isInstanceOf(ConfigLoader.Valid.class);
        AgentConfig config = ((ConfigLoader.Valid<AgentConfig>) loaded).config();
        return HostInspection.findings(config, false, Map.of());
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = listener()) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatFitsIsNoFinding() throws IOException {
        try (ServerSocket etcd = listener()) {
            assertThat(findings("10.0.0.11", freePort(), etcd.getLocalPort(), ""))
                    .isEmpty();
        }
    }

    @Test
    void portsAndAddresses() throws IOException {
        int nobody = freePort();
        try (ServerSocket taken = listener()) {
            assertThat(findings("127.0.0.1", taken.getLocalPort(), nobody, ""))
                    .containsExactly(
                            "restapi.connect_address: other nodes cannot reach this one at \"127.0.0.1:8008\";"
                                    + " name an address of its network",
                            "postgresql.connect_address: other nodes cannot reach this one at \"127.0.0.1:5432\";"
                                    + " name an address of its network",
                            "restapi.listen: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                                    + ": Address already in use; end who does, or say -i if that is this node itself",
                            "etcd3.hosts: nobody answers at 127.0.0.1:" + nobody + ": Connection refused");
        }
    }

    /** By RFC 6761 no resolver knows anything there; if the host has none, that is a finding too. */
    @Test
    void aDomainThatNamesNoEtcd() throws IOException {
        try (ServerSocket etcd = listener()) {
            assertThat(findings("10.0.0.11", freePort(), etcd.getLocalPort() + "\n  srv: pgha.invalid", ""))
                    .singleElement()
                    .asString()
                    .startsWith("etcd3.srv: ")
                    .contains("_etcd-client-ssl._tcp.pgha.invalid")
                    .endsWith("or list etcd's members under etcd3.hosts");
        }
    }

    @Test
    void directoriesProgramsAndTags() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.createFile(data.resolve("precious"));
        Files.delete(directory.resolve("bin/pg_rewind"));
        try (ServerSocket etcd = listener()) {
            assertThat(findings(
                            "10.0.0.11",
                            freePort(),
                            etcd.getLocalPort(),
                            "tags: {nofailover: true, failover_priority: 0}\n"))
                    .containsExactly(
                            "postgresql.bin_dir: there is no program pg_rewind in " + directory.resolve("bin"),
                            "postgresql.data_dir: " + data + " is neither empty nor a data directory of PostgreSQL",
                            "tags: nofailover and failover_priority exclude each other; keep one of them");
        }
    }

    @Test
    void aDataDirectoryOfAnotherVersion() throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectories(data.resolve("global"));
        Files.createFile(data.resolve("global/pg_control"));
        Files.writeString(data.resolve("PG_VERSION"), "14\n");
        try (ServerSocket etcd = listener()) {
            assertThat(findings("10.0.0.11", freePort(), etcd.getLocalPort(), ""))
                    .containsExactly("postgresql.data_dir: it is of PostgreSQL 14, and "
                            + directory.resolve("bin/postgres") + " is of 15");
        }
    }

    @Test
    void certificates() throws IOException {
        try (ServerSocket etcd = listener()) {
            assertThat(findings("10.0.0.11", freePort(), etcd.getLocalPort(), "ctl: {certfile: /no/such.pem}\n"))
                    .containsExactly("ctl.certfile: cannot read /no/such.pem: no such file");
        }
    }
}
