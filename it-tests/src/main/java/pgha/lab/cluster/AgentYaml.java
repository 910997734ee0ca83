package pgha.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pgha.lab.Lab;
import pgha.lab.LabException;

/** Writes the agent's configuration for a node of a lab, in Patroni's schema. */
final class AgentYaml {
    static final String SUPERUSER = "postgres";
    /** Of all roles; the lab is no secret. */
    static final String PASSWORD = "lab";

    private static final String TEMPLATE = """
            scope: %(scope)
            namespace: /service/
            name: %(name)

            restapi:
              listen: %(address):%(restPort)
              connect_address: %(address):%(restPort)

            etcd3:
            %(etcd)
            bootstrap:
              dcs:
                ttl: %(ttl)
                loop_wait: %(loopWait)
                retry_timeout: %(retryTimeout)
                maximum_lag_on_failover: 1048576
            %(dcs)    postgresql:
                  use_pg_rewind: true
                  parameters:
                    max_connections: 100
            %(parameters)  initdb:
                - encoding: UTF8
                - locale: C.UTF-8
                - data-checksums

            postgresql:
              listen: 0.0.0.0:%(postgresPort)
              connect_address: %(address):%(postgresPort)
              data_dir: /var/lib/postgresql/data
              bin_dir: %(binDir)
              pgpass: /var/lib/postgresql/.pgpass-agent
              use_unix_socket: true
              authentication:
                superuser:
                  username: postgres
                  password: lab
                replication:
                  username: replicator
                  password: lab
                rewind:
                  username: rewinder
                  password: lab
              parameters:
                unix_socket_directories: /run/postgresql
              pg_hba:
                - local all all peer
                - host all all 0.0.0.0/0 scram-sha-256
                - host replication replicator 0.0.0.0/0 scram-sha-256

            vip:
            %(vips)""";

    private AgentYaml() {}

    static String render(Lab lab, LabEtcd etcd, String node, ClusterOptions options) {
        Map<String, String> values = new TreeMap<>();
        values.put("scope", options.scope());
        values.put("name", node);
        values.put("address", lab.options().address(node));
        values.put("restPort", Integer.toString(lab.options().restPort()));
        values.put("postgresPort", Integer.toString(lab.options().postgresPort()));
        values.put("etcd", etcd.agentYaml());
        values.put("ttl", Integer.toString(options.ttl()));
        values.put("retryTimeout", Integer.toString(Math.max(3, options.ttl() / 3)));
        values.put("loopWait", Integer.toString(Math.max(1, options.ttl() / 3)));
        values.put("dcs", lines(options.dcs(), "    "));
        values.put("parameters", lines(options.parameters(), "        "));
        values.put("binDir", postgresBinaries().toString());
        values.put(
                "vips",
                options.vips().stream()
                        .map(vip -> "  - {address: " + vip + ", interface: eth0}\n")
                        .collect(Collectors.joining()));
        String text = TEMPLATE;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("%(" + value.getKey() + ")", value.getValue());
        }
        return options.vips().isEmpty() ? text.replace("\nvip:\n", "\n") : text;
    }

    /** The programs of the newest major that the machine has. */
    static Path postgresBinaries() {
        try (Stream<Path> majors = Files.list(Path.of("/usr/lib/postgresql"))) {
            return majors.map(major -> major.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.comparingInt(bin ->
                            Integer.parseInt(bin.getName(bin.getNameCount() - 2).toString())))
                    .orElseThrow(() -> new LabException("cannot find PostgreSQL in /usr/lib/postgresql"));
        } catch (IOException e) {
            throw new LabException("cannot find PostgreSQL: " + e.getMessage() + "; install the package postgresql", e);
        }
    }

    private static String lines(Map<String, String> map, String indent) {
        return new TreeMap<>(map)
                .entrySet().stream()
                        .map(entry -> indent + entry.getKey() + ": " + entry.getValue() + "\n")
                        .collect(Collectors.joining());
    }
}
