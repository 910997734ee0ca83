package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** SIGHUP to the agent that leads: whatever its file says takes effect, and what the file cannot mean changes nothing. */
final class ReloadIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("reloadit", options -> options.withTtl(20));

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String CERTIFICATE = "/var/lib/postgresql/rest.crt";
    private static final String KEY = "/var/lib/postgresql/rest.key";
    private static final String KEPT = "ERROR: the configuration was not taken over; the previous one stays";

    @Test
    void everythingIsReadAgainAndNobodyNotices() {
        LabCluster cluster = RIG.cluster();
        LabNode node = cluster.awaitPrimary();
        String before = node.configuration();
        String timeline = Faults.timeline(cluster);
        LabProcess agent = node.runningAgent();
        LabProcess postmaster = node.runningPostmaster();

        Observed.during(
                        cluster,
                        "five reloads of the leader",
                        () -> {
                            certify(node);
                            Faults.reload(node, changed(before, cluster));
                            eachSectionIsInForce(cluster, node);
                            anotherCertificateIsServed(node);
                            strangersAreRefused(node, changed(before, cluster));
                            brokenFilesChangeNothing(cluster, node);
                            Faults.reload(node, before);
                        },
                        LIMIT,
                        () -> Faults.leads(node) && cluster.isReady())
                .isSafe()
                .isUnnoticed();

        assertThat(node.runningAgent()).isEqualTo(agent);
        assertThat(node.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    /** All sections at once. */
    private static String changed(String yaml, LabCluster cluster) {
        return yaml.replace("restapi:\n", "log:\n  level: DEBUG\n\nrestapi:\n" + tls("none"))
                .replace("  hosts: " + cluster.etcd().hosts(), "  hosts: " + address(cluster, "etcd-2"))
                .replace("    unix_socket_directories:", "    work_mem: 7654kB\n    unix_socket_directories:")
                .replace(
                        "    - local all all peer\n",
                        "    - local all all peer\n    - host nobodys_db all 10.9.9.9/32 reject\n");
    }

    private static String tls(String verifyClient) {
        return "  certfile: %1$s\n  keyfile: %2$s\n  cafile: %1$s\n  verify_client: %3$s\n"
                .formatted(CERTIFICATE, KEY, verifyClient);
    }

    private static void eachSectionIsInForce(LabCluster cluster, LabNode node) {
        Patience.demand("REST speaks TLS", LIMIT, () -> served(node).equals(onDisk(node)));
        assertThat(code(node)).isEqualTo("200");
        String record = "/service/" + cluster.lab().options().name() + "/members/" + node.name();
        Patience.demand("its record says so to the others", LIMIT, () -> cluster.etcd()
                .get(record)
                .filter(json -> json.contains("\"api_url\":\"https://"))
                .isPresent());
        assertThat(node.log()).contains("asking etcd at [" + address(cluster, "etcd-2") + "] from now on");
        isConnectedOnlyTo(node, address(cluster, "etcd-2"));
        Patience.demand(
                "the parameter is set", LIMIT, () -> node.sql("SHOW work_mem").equals("7654kB"));
        Patience.demand("the rule is read", LIMIT, () -> node.sql(
                        "SELECT count(*) FROM pg_hba_file_rules WHERE database = '{nobodys_db}'")
                .equals("1"));
        Patience.demand("details are logged", LIMIT, () -> node.log().contains(" DEBUG: "));
    }

    private static void anotherCertificateIsServed(LabNode node) {
        String old = served(node);
        certify(node);
        assertThat(onDisk(node)).isNotEqualTo(old);
        Faults.reload(node, node.configuration());
        Patience.demand(
                "the new certificate is served", LIMIT, () -> served(node).equals(onDisk(node)));
    }

    private static void strangersAreRefused(LabNode node, String yaml) {
        Faults.reload(node, yaml.replace(tls("none"), tls("required")));
        Patience.demand(
                "who shows no certificate is refused", LIMIT, () -> code(node).equals("000"));
        assertThat(code(node, "--cert", CERTIFICATE, "--key", KEY)).isEqualTo("200");

        Faults.reload(node, yaml);
        Patience.demand("strangers are answered again", LIMIT, () -> code(node).equals("200"));
    }

    private static void brokenFilesChangeNothing(LabCluster cluster, LabNode node) {
        String whole = node.configuration();

        node.configure("scope: [\n");
        node.signalAgent(Signal.HUP);
        Patience.demand("it says that the file is no YAML", LIMIT, () -> Faults.count(node, KEPT) == 1);
        node.configure(whole.replace("  data_dir: ", "  data_directory: "));
        node.signalAgent(Signal.HUP);
        Patience.demand("it says what is missing", LIMIT, () -> Faults.count(node, KEPT) == 2);
        assertThat(node.log()).contains("ERROR: /var/lib/postgresql/agent.yml:").contains(": postgresql.data_dir: ");

        // What only the host can tell is found when it is tried.
        Faults.reload(node, whole.replace(CERTIFICATE, "/var/lib/postgresql/nothing.crt"));
        Patience.demand(
                "it says that there is no such certificate",
                LIMIT,
                () -> Faults.count(node, "the previous certificate stays") == 1);
        node.configure(whole);

        assertThat(served(node)).isEqualTo(onDisk(node));
        assertThat(node.sql("SHOW work_mem")).isEqualTo("7654kB");
        isConnectedOnlyTo(node, address(cluster, "etcd-2"));
        assertThat(node.runningPostmaster()).isNotNull();
    }

    /** A new key and a certificate that vouches for itself, for servers and clients alike. */
    private static void certify(LabNode node) {
        String script =
                "umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN="
                        + node.name() + " -keyout new.key -out new.crt 2>/dev/null && mv new.key " + KEY
                        + " && mv new.crt " + CERTIFICATE;
        node.host()
                .exec(LIMIT, Launch.as("postgres", "sh", "-c", "cd /var/lib/postgresql; " + script))
                .orThrow();
    }

    private static String onDisk(LabNode node) {
        return node.host()
                .exec("openssl", "x509", "-noout", "-fingerprint", "-in", CERTIFICATE)
                .orThrow();
    }

    /** The fingerprint of what REST serves, or nothing while that is no TLS. */
    private static String served(LabNode node) {
        return node.host()
                .exec(
                        "bash",
                        "-c",
                        "openssl s_client -connect " + rest(node)
                                + " </dev/null 2>/dev/null | openssl x509 -noout -fingerprint 2>/dev/null")
                .out();
    }

    /** What a client with those options of curl's gets of /primary; 000 if it is not answered. */
    private static String code(LabNode node, String... options) {
        String[] argv = new String[options.length + 9];
        String[] plain = {
            "curl",
            "-sk",
            "--max-time",
            "5",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "https://" + rest(node) + "/primary"
        };
        System.arraycopy(plain, 0, argv, 0, plain.length);
        System.arraycopy(options, 0, argv, plain.length, options.length);
        return node.host().exec(argv).out();
    }

    private static String rest(LabNode node) {
        return node.host().address() + ":" + RIG.cluster().lab().options().restPort();
    }

    private static String address(LabCluster cluster, String store) {
        return cluster.lab().host(store).address() + ":2379";
    }

    /** Of all members of etcd. */
    private static void isConnectedOnlyTo(LabNode node, String store) {
        Patience.until(LIMIT, () -> peers(node).equals(List.of(store)));
        assertThat(peers(node)).as("members of etcd with a connection").containsExactly(store);
    }

    private static List<String> peers(LabNode node) {
        String all = node.host()
                .exec("ss", "-Htn", "state", "established", "dport", "=", ":2379")
                .orThrow();
        return all.lines()
                .map(line -> line.strip().split("\\s+", -1)[3].replaceAll("\\[(::ffff:)?|]", ""))
                .distinct()
                .toList();
    }
}
