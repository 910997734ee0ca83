package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Command;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabPki;
import pgha.lab.cluster.RestReply;

/** Who may order an agent about, by password, address and certificate; and that everybody may read unless TLS forbids. */
final class RestAccessIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.small("restaccessit", "pg-1", "pg-2");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PASSWORD = "  authentication: {username: operator, password: s3cret}\n";
    private static final String AUTHORITY = "/srv/tls/ca.crt";
    private static final String CERTIFICATE = "/srv/tls/own.crt";
    private static final String KEY = "/srv/tls/own.key";
    private static final List<String> READS =
            List.of("/primary", "/patroni", "/cluster", "/config", "/history", "/metrics", "/liveness", "/why");
    private static final List<String> ORDERS = List.of(
            "PATCH /config",
            "PUT /config",
            "POST /switchover",
            "POST /failover",
            "POST /restart",
            "POST /reinitialize",
            "POST /reload",
            "POST /detach",
            "POST /failsafe",
            "DELETE /restart",
            "DELETE /switchover");

    private LabNode node;
    private LabNode other;
    private Curl client;
    private String before;

    @BeforeEach
    void remember() {
        node = RIG.cluster().awaitPrimary();
        other = RIG.cluster().replicas().getFirst();
        client = Curl.of(RIG.cluster(), node);
        before = node.configuration();
    }

    @AfterEach
    void giveTheFileBack() {
        Faults.reload(node, before);
        Patience.demand("it is open again", LIMIT, () -> isAllowed(client));
    }

    @Test
    void openWritesAreWarnedOfAtEachStartUntilTheyAreClosed() {
        String warning = " WARNING: anybody who reaches " + other.host().address() + ":8008 may switch over,"
                + " reconfigure and detach: set restapi.authentication or restapi.allowlist";
        String open = other.configuration();
        long atStart = Faults.count(other, warning);
        assertThat(atStart).as("warnings so far").isPositive();

        other.configure(with(open, PASSWORD));
        startAgain(other);
        assertThat(Curl.of(RIG.cluster(), other).ask("DELETE", "/switchover").code())
                .isEqualTo(401);
        assertThat(Faults.count(other, warning)).isEqualTo(atStart);

        other.configure(open);
        startAgain(other);
        assertThat(Faults.count(other, warning)).isEqualTo(atStart + 1);
    }

    @Test
    void aPasswordIsAskedForWhatChangesSomethingAndForNothingElse() {
        String settings = node.get("/config").body();
        LabProcess agent = node.runningAgent();
        LabProcess postmaster = node.runningPostmaster();
        Faults.reload(node, with(before, PASSWORD));
        Patience.demand("strangers are refused", LIMIT, () -> !isAllowed(client));

        for (String order : ORDERS) {
            assertThat(sendAs(client, order)).as(order).isEqualTo(new RestReply(401, "no auth header received"));
            assertThat(sendAs(client.with("--user", "operator:S3cret"), order))
                    .as(order + " with a wrong password")
                    .isEqualTo(new RestReply(401, "not authenticated"));
        }
        assertThat(client.with("--include").ask("POST", "/reload").body())
                .contains("WWW-Authenticate: Basic realm=\"Patroni\"");
        READS.forEach(path -> assertThat(client.get(path).code()).as(path).isEqualTo(200));
        assertThat(node.get("/config").body()).isEqualTo(settings);
        assertThat(node.runningAgent()).isEqualTo(agent);
        assertThat(node.runningPostmaster()).isEqualTo(postmaster);

        RestReply reply = client.with("--user", "operator:s3cret")
                .send("PATCH", "/config", "{\"maximum_lag_on_failover\": 1048577}");
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().path("maximum_lag_on_failover").asInt()).isEqualTo(1048577);
        assertThat(reload(node).orThrow()).contains("member " + node.name());
        Command.Result refused = reload(other);
        assertThat(refused.exitCode())
                .as("agentctl without the password: %s", refused)
                .isEqualTo(1);
        assertThat(refused.out() + refused.err()).contains("no auth header received");
    }

    @Test
    void onlyListedAddressesAndMembersMayOrder() {
        Curl member = client.from(other.host());
        Faults.reload(node, with(before, "  allowlist: [10.9.9.0/24]\n  allowlist_include_members: true\n"));
        Patience.demand("strangers are refused", LIMIT, () -> !isAllowed(client));
        assertThat(client.ask("DELETE", "/switchover")).isEqualTo(new RestReply(403, "Access is denied"));
        READS.forEach(path -> assertThat(client.get(path).code()).as(path).isEqualTo(200));
        assertThat(isAllowed(member)).as("another member is allowed").isTrue();

        String listed = RIG.cluster().lab().client().address();
        Faults.reload(node, with(before, "  allowlist: [" + listed + "]\n"));
        Patience.demand("the client is allowed", LIMIT, () -> isAllowed(client));
        assertThat(member.ask("DELETE", "/switchover")).isEqualTo(new RestReply(403, "Access is denied"));
    }

    @Test
    void certificatesOpenWhatVerifyClientSays() {
        certify();
        Curl secure = client.trusting(AUTHORITY);
        Curl known = secure.with("--cert", CERTIFICATE, "--key", KEY);
        Curl stranger = secure.with("--cert", "/srv/tls/stranger.crt", "--key", "/srv/tls/stranger.key");

        Faults.reload(node, withTls("optional"));
        Patience.demand("REST speaks TLS", LIMIT, () -> secure.get("/primary").code() == 200);
        assertThat(secure.ask("DELETE", "/switchover")).isEqualTo(new RestReply(403, "client certificate required"));
        assertThat(isAllowed(known)).as("our certificate is allowed").isTrue();
        assertThat(stranger.get("/primary").code())
                .as("a stranger's certificate")
                .isZero();

        Faults.reload(node, withTls("required"));
        Patience.demand(
                "nobody is answered without a certificate",
                LIMIT,
                () -> secure.get("/primary").code() == 0);
        assertThat(stranger.get("/primary").code())
                .as("a stranger's certificate")
                .isZero();
        assertThat(known.get("/primary").code()).isEqualTo(200);
        assertThat(isAllowed(known)).as("our certificate is allowed").isTrue();
        assertThat(reload(node).orThrow()).contains("member " + node.name());
        assertThat(node.agentctl("doctor").orThrow())
                .doesNotContain("the agent does not answer")
                .doesNotContain("takes orders from everybody");
    }

    /** As certbot does it: nobody sends a signal. */
    @Test
    void aRenewedCertificateIsServedWithoutASignal() {
        LabPki authority = certify();
        Curl secure = client.trusting(AUTHORITY);
        Faults.reload(node, withTls("none"));
        Patience.demand("REST speaks TLS", LIMIT, () -> secure.get("/primary").code() == 200);
        String old = served();

        authority.issue(node.host());
        Patience.demand("another certificate is served", LIMIT, () -> !served().equals(old));
        assertThat(secure.get("/primary").code()).isEqualTo(200);
        assertThat(node.log()).doesNotContain("the previous certificate stays");
    }

    /** Every host of the pair and the client get certificates of one authority, and the client one of nobody. */
    private LabPki certify() {
        LabCluster cluster = RIG.cluster();
        LabPki authority = LabPki.create(cluster.lab(), "rest");
        cluster.lab().hosts().forEach(host -> {
            authority.issue(host);
            LabPki.trust(host, List.of(authority));
        });
        cluster.lab()
                .client()
                .exec(
                        "sh",
                        "-c",
                        "cd /srv/tls && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                                + " -subj /CN=stranger -keyout stranger.key -out stranger.crt")
                .orThrow();
        return authority;
    }

    private String withTls(String verifyClient) {
        String files = "  certfile: " + CERTIFICATE + "\n  keyfile: " + KEY + "\n";
        String rest = files + "  cafile: " + AUTHORITY + "\n  verify_client: " + verifyClient + "\n";
        return with(before, rest) + "\nctl:\n" + files + "  cacert: " + AUTHORITY + "\n";
    }

    private static String with(String yaml, String linesOfRest) {
        return yaml.replace("restapi:\n", "restapi:\n" + linesOfRest);
    }

    /** What an order that nobody has given cannot be taken back is answered with, once it is allowed. */
    private static boolean isAllowed(Curl curl) {
        return curl.ask("DELETE", "/switchover").equals(new RestReply(404, "no switchover is scheduled"));
    }

    private static RestReply sendAs(Curl curl, String order) {
        String[] words = order.split(" ", -1);
        return curl.send(words[0], words[1], "{\"ttl\": 7}");
    }

    private Command.Result reload(LabNode from) {
        return from.agentctl("reload", RIG.cluster().lab().options().name(), node.name(), "--force");
    }

    private String served() {
        return client.from()
                .exec(
                        "bash",
                        "-c",
                        "openssl s_client -connect " + client.server().replace("http://", "")
                                + " </dev/null 2>/dev/null | openssl x509 -noout -fingerprint")
                .orThrow();
    }

    private static void startAgain(LabNode node) {
        LabProcess agent = node.runningAgent();
        agent.signal(Signal.KILL);
        agent.awaitExit(LIMIT);
        node.startAgent();
        Patience.demand(
                "the agent on " + node.name() + " sees its replica",
                LIMIT,
                () -> node.get("/replica").code() == 200);
    }
}
