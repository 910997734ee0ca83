package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabPki;

/**
 * However a load balancer asks, it gets the right status, and the agent's log says nothing of it.
 *
 * <p>Nor does what is no request at all change what the next check is answered with.
 */
final class CheckStylesIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.small("checkstylesit", "pg-1", "pg-2");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int TIMEOUT_MILLIS = 15_000;
    private static final int STATISTICS = 8404;
    /** HAProxy's ways to ask, by the name of the service that asks so. */
    private static final Map<String, String> STYLES = new TreeMap<>(Map.of(
            "usual", "option httpchk OPTIONS /primary",
            "head", "option httpchk HEAD /primary HTTP/1.0",
            "hosted", "option httpchk GET /primary HTTP/1.1\\r\\nHost:\\ pg\\r\\nConnection:\\ keep-alive",
            "sent", "option httpchk\n    http-check send meth OPTIONS uri /primary ver HTTP/1.1 hdr Host pg",
            "replica", "option httpchk OPTIONS /replica"));

    private static final List<String> REQUESTS = List.of(
            "OPTIONS %s HTTP/1.0\r\n\r\n",
            "HEAD %s HTTP/1.0\r\n\r\n",
            "GET %s HTTP/1.0\r\n\r\n",
            "OPTIONS %s HTTP/1.1\r\nHost: pg\r\n\r\n",
            "HEAD %s HTTP/1.1\r\nHost: pg\r\nConnection: keep-alive\r\n\r\n",
            "GET %s HTTP/1.1\r\nHost: pg\r\nConnection: keep-alive\r\n\r\n");

    /** What is no proper request, and what it may be answered with. */
    private static final Map<String, String> ODDITIES = new TreeMap<>(Map.of(
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
            "400",
            "\r\n\r\nnonsense\r\n\r\n",
            "400",
            "GET /" + "x".repeat(20_000) + " HTTP/1.0\r\n\r\n",
            "414",
            "GET /primary HTTP/1.0\r\nX: " + "x".repeat(40_000) + "\r\n\r\n",
            "431",
            "PATCH /config HTTP/1.0\r\nContent-Length: 99999999\r\n\r\n{",
            "413",
            "PATCH /config HTTP/1.0\r\nContent-Length: -5\r\n\r\n{}",
            "400",
            "PATCH /config HTTP/1.0\r\nContent-Length: 5\r\n\r\n{\"tt}",
            "400",
            "BREW /primary HTTP/1.0\r\n\r\n",
            "501",
            "GET /../../etc/passwd%00 HTTP/1.0\r\n\r\n",
            "503"));

    private LabNode primary;
    private LabNode replica;
    private Map<String, String> logs;

    @BeforeEach
    void remember() {
        primary = RIG.cluster().awaitPrimary();
        replica = RIG.cluster().replicas().getFirst();
        Patience.demand(
                "the replica serves readers",
                LIMIT,
                () -> replica.get("/replica").code() == 200);
        logs = logs();
    }

    @AfterEach
    void stopHaproxy() {
        RIG.cluster().lab().client().process("haproxy").ifPresent(process -> {
            process.signal(Signal.KILL);
            process.awaitExit(LIMIT);
        });
    }

    @Test
    void everyRequestIsAnsweredByItsCodeAndInSilence() {
        for (String style : REQUESTS) {
            assertThat(status(primary, style, "/primary")).as(style).isEqualTo("HTTP/1.0 200 OK");
            assertThat(status(primary, style, "/replica")).as(style).isEqualTo("HTTP/1.0 503 Service Unavailable");
            assertThat(status(replica, style, "/replica")).as(style).isEqualTo("HTTP/1.0 200 OK");
            assertThat(status(replica, style, "/primary")).as(style).isEqualTo("HTTP/1.0 503 Service Unavailable");
            boolean bare = !style.startsWith("GET");
            assertThat(talk(primary, style.formatted("/primary")).contains("{"))
                    .as("a body after " + style)
                    .isNotEqualTo(bare);
        }
        assertThat(logs()).isEqualTo(logs);
    }

    /** Two requests on one connection are answered once, and the connection ends: the client asks the second anew. */
    @Test
    void aConnectionIsNotKeptAlive() {
        String request = "GET /primary HTTP/1.1\r\nHost: pg\r\nConnection: keep-alive\r\n\r\n";

        String answer = talk(primary, request + request);

        assertThat(answer.split("HTTP/1.0 200 OK", -1)).as(answer).hasSize(2);
        assertThat(logs()).isEqualTo(logs);
    }

    @Test
    void clientsThatResetTheConnectionAreNotHeardOf() {
        for (String style : REQUESTS) {
            for (Leaving leaving : Leaving.values()) {
                leave(primary, style.formatted("/primary"), leaving);
            }
        }
        assertThat(status(primary, REQUESTS.getFirst(), "/primary")).isEqualTo("HTTP/1.0 200 OK");
        assertThat(logs()).isEqualTo(logs);
    }

    @Test
    void whatIsNoRequestChangesNothingForTheNextOne() {
        LabProcess agent = primary.runningAgent();
        String settings = primary.get("/config").body();
        ODDITIES.forEach((request, code) -> {
            String shown = request.substring(0, Math.min(40, request.length()));
            assertThat(talk(primary, request)).as(shown).startsWith("HTTP/1.0 " + code + " ");
            assertThat(status(primary, REQUESTS.getFirst(), "/primary"))
                    .as("after " + shown)
                    .isEqualTo("HTTP/1.0 200 OK");
        });
        assertThat(primary.runningAgent()).isEqualTo(agent);
        assertThat(primary.get("/config").body()).isEqualTo(settings);
        assertThat(logs()).isEqualTo(logs);
    }

    @Test
    void haproxyAsksInAllItsWays() {
        startHaproxy("");
        awaitVerdicts();
        Faults.last(Duration.ofSeconds(1));
        assertThat(verdicts()).isEqualTo(wanted());
        assertThat(logs()).isEqualTo(logs);
    }

    @Test
    void haproxyAsksInAllItsWaysOverTls() {
        LabPki authority = LabPki.create(RIG.cluster().lab(), "rest");
        Map<LabNode, String> before =
                RIG.cluster().nodes().stream().collect(Collectors.toMap(node -> node, LabNode::configuration));
        before.forEach((node, yaml) -> {
            authority.issue(node.host());
            Faults.reload(
                    node,
                    yaml.replace(
                            "restapi:\n", "restapi:\n  certfile: /srv/tls/own.crt\n  keyfile: /srv/tls/own.key\n"));
        });
        try {
            startHaproxy(" check-ssl verify none");
            awaitVerdicts();
            logs = logs();
            Faults.last(Duration.ofSeconds(1));
            assertThat(verdicts()).isEqualTo(wanted());
            assertThat(logs()).isEqualTo(logs);
        } finally {
            before.forEach(Faults::reload);
        }
    }

    private enum Leaving {
        BEFORE_THE_ANSWER,
        AFTER_ITS_FIRST_BYTE,
        AFTER_HALF_A_REQUEST
    }

    /** As HAProxy leaves: the connection is reset. */
    private static void leave(LabNode node, String request, Leaving leaving) {
        boolean half = leaving == Leaving.AFTER_HALF_A_REQUEST;
        RIG.cluster().lab().clientThreads().call(() -> {
            try (Socket socket = connect(node)) {
                socket.setSoLinger(true, 0);
                String sent = half ? request.substring(0, request.length() / 2) : request;
                socket.getOutputStream().write(bytes(sent));
                return leaving == Leaving.AFTER_ITS_FIRST_BYTE
                        ? socket.getInputStream().read()
                        : 0;
            }
        });
    }

    /** All that is answered until the agent ends the connection. */
    private static String talk(LabNode node, String request) {
        return RIG.cluster().lab().clientThreads().call(() -> {
            try (Socket socket = connect(node)) {
                socket.getOutputStream().write(bytes(request));
                return answer(socket.getInputStream());
            }
        });
    }

    private static String answer(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                text.append((char) next);
            }
        } catch (SocketException e) {
            // It ends the connection while there is more to read: what it has said before counts.
            text.append(" (reset)");
        }
        return text.toString();
    }

    private static Socket connect(LabNode node) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(
                new InetSocketAddress(
                        node.host().address(), RIG.cluster().lab().options().restPort()),
                TIMEOUT_MILLIS);
        return socket;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String status(LabNode node, String style, String path) {
        return talk(node, style.formatted(path)).lines().findFirst().orElse("");
    }

    private static Map<String, String> logs() {
        return RIG.cluster().nodes().stream().collect(Collectors.toMap(LabNode::name, LabNode::log));
    }

    /** Each style is a service of its own, which asks both nodes ten times a second. */
    private static void startHaproxy(String checkOptions) {
        StringBuilder configuration = new StringBuilder("""
                defaults
                    mode http
                    timeout connect 3s
                    timeout client 10s
                    timeout server 10s
                    timeout check 3s
                listen statistics
                    bind *:%d
                    stats enable
                    stats uri /
                """.formatted(STATISTICS));
        STYLES.forEach((name, check) -> configuration
                .append("backend ")
                .append(name)
                .append("\n    ")
                .append(check)
                .append("\n    http-check expect status 200\n    default-server inter 100ms rise 1 fall 2")
                .append(checkOptions)
                .append('\n')
                .append(servers()));
        LabHost client = RIG.cluster().lab().client();
        client.exec("bash", "-c", "cat >/run/haproxy.cfg <<'END'\n" + configuration + "END")
                .orThrow();
        client.start(
                "haproxy",
                Launch.as("root", "haproxy", "-db", "-f", "/run/haproxy.cfg").withLog("/srv/log/haproxy.log"));
    }

    private static String servers() {
        LabCluster cluster = RIG.cluster();
        return cluster.nodes().stream()
                .map(node -> "    server %s %s:%d check\n"
                        .formatted(
                                node.name(),
                                node.host().address(),
                                cluster.lab().options().restPort()))
                .collect(Collectors.joining());
    }

    private void awaitVerdicts() {
        Patience.until(LIMIT, () -> verdicts().equals(wanted()));
        assertThat(verdicts()).isEqualTo(wanted());
    }

    private Map<String, String> wanted() {
        Map<String, String> wanted = new TreeMap<>();
        STYLES.keySet().forEach(style -> {
            LabNode right = style.equals("replica") ? replica : primary;
            RIG.cluster().nodes().forEach(node -> {
                boolean up = node.name().equals(right.name());
                wanted.put(style + " " + node.name(), up ? "UP L7OK" : "DOWN L7STS");
            });
        });
        return wanted;
    }

    /** What HAProxy says of each server of each service: its state, and how the last check ended whatever the next does. */
    private static Map<String, String> verdicts() {
        LabHost client = RIG.cluster().lab().client();
        List<String[]> rows = client.exec("curl", "--silent", "http://127.0.0.1:" + STATISTICS + "/;csv")
                .out()
                .lines()
                .map(line -> line.split(",", -1))
                .toList();
        if (rows.isEmpty()) {
            return Map.of();
        }
        List<String> names = List.of(rows.getFirst());
        return rows.stream()
                .filter(row -> STYLES.containsKey(row[0]) && row[1].startsWith("pg-"))
                .collect(Collectors.toMap(
                        row -> row[0] + " " + row[1],
                        row -> (row[names.indexOf("status")] + " " + row[names.indexOf("check_status")])
                                .replace("* ", ""),
                        (one, two) -> two,
                        TreeMap::new));
    }
}
