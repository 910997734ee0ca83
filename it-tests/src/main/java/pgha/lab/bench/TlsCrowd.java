package pgha.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabOptions;
import pgha.lab.Patience;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/**
 * Measures what thousands of strangers cost an agent that serves HTTPS, and those who check it, and prints one table.
 *
 * <p>One node, which is primary, with an RSA key of 2048 bits. Checks are {@code OPTIONS /primary}, each with a connection
 * and a handshake of its own, as load balancers make them.
 */
public final class TlsCrowd {
    private static final String LAB = "tlscrowd";
    private static final int CROWD = 10_000;
    private static final int CHECKS = 300;
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final String CERTIFICATE = "/var/lib/postgresql/rest.pem";

    private TlsCrowd() {}

    /** The one argument is how many strangers there are (10000); this process needs as many open files, and some more. */
    public static void main(String[] arguments) {
        int size = arguments.length == 0 ? CROWD : Integer.parseInt(arguments[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(LAB)));
        LabOptions labOptions = LabOptions.named(LAB).withNodes(List.of("pg-1")).withStores(List.of("etcd-1"));
        ClusterOptions options = new ClusterOptions(LAB, 30, Map.of(), Map.of(), List.of());
        try (LabCluster cluster = LabCluster.prepare(labOptions, options)) {
            System.out.println(CrowdTable.render(measure(cluster, size)));
        }
        System.exit(0);
    }

    private static List<CrowdTable.Row> measure(LabCluster cluster, int size) {
        LabNode node = cluster.nodes().getFirst();
        giveCertificate(node);
        node.configure(node.configuration().replace("restapi:\n", "restapi:\n  certfile: " + CERTIFICATE + "\n"));
        node.startAgent();
        TlsChecks checks =
                new TlsChecks(node.host().address(), cluster.lab().options().restPort());
        Patience.demand("the node is primary", READY_LIMIT, () -> cluster.lab()
                .clientThreads()
                .call(checks::isPrimary));
        cluster.lab().clientThreads().call(() -> checks.run(CHECKS));
        List<CrowdTable.Row> rows = new ArrayList<>();
        rows.add(measured(cluster, checks, "nobody", 0, node.runningAgent().residentKib()));
        long before = rows.getFirst().residentKib();
        for (Strangers.Kind kind : Strangers.Kind.values()) {
            System.out.println("gathering " + size + ": " + kind.title());
            try (Strangers strangers = new Strangers(kind, checks)) {
                cluster.lab().clientThreads().call(() -> strangers.gather(size));
                rows.add(measured(cluster, checks, kind.title(), size, before));
            }
        }
        return rows;
    }

    private static CrowdTable.Row measured(
            LabCluster cluster, TlsChecks checks, String title, int size, long beforeKib) {
        LabNode node = cluster.nodes().getFirst();
        String held = node.host()
                .exec(
                        "ss",
                        "-Htn",
                        "state",
                        "established",
                        "sport",
                        "=",
                        ":" + cluster.lab().options().restPort())
                .orThrow();
        List<Long> micros = cluster.lab().clientThreads().call(() -> checks.run(CHECKS));
        long now = node.runningAgent().residentKib();
        CrowdTable.Row row = new CrowdTable.Row(title, size, (int) held.lines().count(), micros, now, now - beforeKib);
        System.out.println(row);
        return row;
    }

    private static void giveCertificate(LabNode node) {
        Path directory = node.host().disk().resolve("postgresql");
        Path certificate = directory.resolve("rest.pem");
        Path key = directory.resolve("rest.key");
        Command.run(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=pg-1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .orThrow();
        try {
            Files.writeString(certificate, Files.readString(certificate) + Files.readString(key));
            Files.delete(key);
        } catch (IOException e) {
            throw new LabException("cannot write the certificate: " + e.getMessage(), e);
        }
        Command.run("chown", "postgres:postgres", certificate.toString()).orThrow();
    }
}
