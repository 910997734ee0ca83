package pgha.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import pgha.lab.LabHost;
import pgha.lab.Launch;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/**
 * Asks an agent as curl does, from any host of the lab: with PATCH, TLS, certificates, passwords, headers.
 *
 * <p>Immutable.
 *
 * @param server scheme, address and port
 * @param options curl's own, with every request
 */
record Curl(LabHost from, String server, List<String> options) {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    Curl {
        options = List.copyOf(options);
    }

    /** From the client host, without TLS. */
    static Curl of(LabCluster cluster, LabNode node) {
        String address = node.host().address() + ":" + cluster.lab().options().restPort();
        return new Curl(cluster.lab().client(), "http://" + address, List.of());
    }

    Curl from(LabHost other) {
        return new Curl(other, server, options);
    }

    /** Over TLS, believing whom the file {@code ca} on the asking host names. */
    Curl trusting(String ca) {
        return new Curl(from, server.replace("http:", "https:"), options).with("--cacert", ca);
    }

    Curl with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Curl(from, server, all);
    }

    RestReply get(String path) {
        return ask("GET", path);
    }

    /** With a body that is not empty. */
    RestReply send(String method, String path, String body) {
        return with("--data-binary", body).ask(method, path);
    }

    /** Code 0 stands for no answer, of which the handshake may have been the end. */
    RestReply ask(String method, String path) {
        List<String> argv = new ArrayList<>(List.of("curl", "--silent", "--max-time", "10"));
        argv.addAll(List.of("--request", method, "--write-out", "\n%{http_code}"));
        argv.addAll(options);
        argv.add(server + path);
        String out =
                from.exec(LIMIT, Launch.as("root", argv.toArray(String[]::new))).out();
        int end = out.lastIndexOf('\n');
        return new RestReply(Integer.parseInt(out.substring(end + 1).strip()), out.substring(0, Math.max(0, end)));
    }
}
