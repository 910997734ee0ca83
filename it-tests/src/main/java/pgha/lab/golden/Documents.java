package pgha.lab.golden;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.lab.Command;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/**
 * What a cluster of three says to whoever asks: bodies of REST, keys of etcd, tables of its command line.
 *
 * <p>The same state for everybody: pg-1 made the cluster, pg-2 leads after a switchover, pg-3 has tags.
 */
public final class Documents {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** YAML says what JSON says, with keys in an order that means nothing. */
    private static final List<String> FORMATS = List.of("pretty", "tsv", "json");

    private static final Pattern POSITION = Pattern.compile("\"optime\":(\\d+)");

    private static final String LEADER = "pg-2";
    private static final String REPLICA = "pg-3";

    /** One daemon, and the command line that belongs to it. */
    public interface Contender {
        void start(LabNode node);

        Command.Result control(LabNode node, String... arguments);
    }

    private final LabCluster cluster;
    private final Contender contender;
    private final SortedMap<String, String> documents = new TreeMap<>();

    private Documents(LabCluster cluster, Contender contender) {
        this.cluster = cluster;
        this.contender = contender;
    }

    /** Starts the daemons on a prepared cluster and asks; name of the document to its masked text. */
    public static SortedMap<String, String> of(LabCluster cluster, Contender contender) {
        Documents documents = new Documents(cluster, contender);
        documents.bringIntoState();
        documents.askForDocuments();
        documents.askForCodes();
        documents.askForRefusals();
        documents.askForTables();
        documents.askForKeys();
        return documents.documents;
    }

    /** The file of pg-3 as the others', with tags. */
    public static String tagged(String yaml) {
        return yaml + "\ntags:\n  clonefrom: true\n  zone: north\n  weight: 3\n";
    }

    private void bringIntoState() {
        LabNode first = cluster.nodes().getFirst();
        contender.start(first);
        Patience.demand("pg-1 leads", LIMIT, () -> first.get("/primary").code() == 200);
        cluster.nodes().stream().skip(1).forEach(contender::start);
        Patience.demand("all have joined", LIMIT, () -> haveJoined(1));
        contender
                .control(first, "switchover", "--leader", first.name(), "--candidate", LEADER, "--force")
                .orThrow();
        Patience.demand(
                "all follow " + LEADER,
                LIMIT,
                () -> haveJoined(2) && key("history").contains("[[1,"));
        tellOfSlots(cluster.node(LEADER));
    }

    /** What is known of slots is told with a new position only, so there has to be one once the slots are there. */
    private void tellOfSlots(LabNode leader) {
        Patience.demand("both replicas use their slots", LIMIT, () -> leader.sql(
                        "SELECT count(*) FROM pg_replication_slots WHERE active")
                .equals("2"));
        leader.execute("CHECKPOINT");
        long position = Long.parseLong(leader.sql("SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint"));
        Patience.demand("the position after a checkpoint is in the store", LIMIT, () -> toldPosition() >= position);
    }

    private long toldPosition() {
        Matcher position = POSITION.matcher(key("status"));
        return position.find() ? Long.parseLong(position.group(1)) : 0;
    }

    /** Everybody has told the store that it runs on the timeline. */
    private boolean haveJoined(int timeline) {
        return cluster.nodes().stream().allMatch(node -> {
            String member = key("members/" + node.name());
            return member.contains("\"timeline\":" + timeline)
                    && member.contains("\"state\":\"running\"")
                    && !member.contains("checkpoint_after_promote")
                    && (node.isStreaming() || node.get("/primary").code() == 200);
        });
    }

    private void askForDocuments() {
        keep("rest/patroni-leader.json", body(LEADER, "/patroni"));
        keep("rest/patroni-replica.json", body(REPLICA, "/patroni"));
        for (String path : List.of("cluster", "history", "config")) {
            keep("rest/" + path + ".json", body(LEADER, "/" + path));
        }
    }

    private void askForCodes() {
        StringBuilder codes = new StringBuilder();
        for (String path : List.of(
                "/",
                "/primary",
                "/master",
                "/leader",
                "/read-write",
                "/replica",
                "/replica?lag=16MB",
                "/replica?replication_state=streaming",
                "/replica?tag_zone=north",
                "/replica?tag_zone=south",
                "/read-only",
                "/health",
                "/liveness",
                "/readiness",
                "/standby-leader",
                "/standby_leader",
                "/sync",
                "/synchronous",
                "/read-only-sync",
                "/async",
                "/asynchronous",
                "/failsafe",
                "/nothing")) {
            codes.append("%-40s leader %d, replica %d%n"
                    .formatted(
                            path, get(LEADER, path).code(), get(REPLICA, path).code()));
        }
        keep("rest/codes.txt", codes.toString());
    }

    private void askForRefusals() {
        StringBuilder answers = new StringBuilder();
        ask(answers, LEADER, "POST", "/switchover", "{}");
        ask(answers, LEADER, "POST", "/switchover", "{\"leader\":\"pg-1\"}");
        ask(answers, LEADER, "POST", "/switchover", "{\"leader\":\"pg-2\",\"candidate\":\"pg-9\"}");
        ask(answers, LEADER, "POST", "/switchover", "{\"candidate\":\"pg-1\"}");
        ask(answers, LEADER, "POST", "/switchover", "{\"leader\":\"pg-2\",\"scheduled_at\":\"soon\"}");
        ask(
                answers,
                LEADER,
                "POST",
                "/switchover",
                "{\"leader\":\"pg-2\",\"scheduled_at\":\"2020-01-01T10:00:00+00:00\"}");
        ask(answers, LEADER, "POST", "/failover", "{}");
        ask(answers, LEADER, "POST", "/failover", "{\"candidate\":\"pg-9\"}");
        ask(answers, LEADER, "DELETE", "/switchover", "");
        ask(answers, LEADER, "DELETE", "/restart", "");
        ask(answers, LEADER, "POST", "/restart", "{\"role\":\"replica\"}");
        ask(answers, LEADER, "POST", "/restart", "{\"role\":\"nobody\"}");
        ask(answers, LEADER, "POST", "/restart", "{\"postgres_version\":\"x\"}");
        ask(answers, LEADER, "POST", "/restart", "{\"timeout\":\"x\"}");
        ask(answers, LEADER, "POST", "/restart", "{\"colour\":\"red\"}");
        ask(answers, LEADER, "POST", "/reinitialize", "{}");
        ask(answers, LEADER, "PUT", "/config", "[1]");
        ask(answers, REPLICA, "POST", "/reload", "{}");
        keep("rest/answers.txt", answers.toString());
    }

    private void askForKeys() {
        keep("keys/member-leader.json", key("members/" + LEADER));
        keep("keys/member-replica.json", key("members/" + REPLICA));
        for (String key : List.of("config", "history", "status")) {
            keep("keys/" + key + ".json", key(key));
        }
        keep("keys/leader.txt", key("leader"));
        keep("keys/initialize.txt", key("initialize"));
    }

    private void askForTables() {
        for (String format : FORMATS) {
            String extension = format.equals("json") ? ".json" : "-" + format + ".txt";
            keep("tables/list" + extension, table("list", "-f", format));
            keep("tables/history" + extension, table("history", "-f", format));
        }
        keep("tables/list-extended.json", table("list", "-e", "-f", "json"));
        keep("tables/topology.txt", table("topology"));
        keep("tables/show-config.txt", table("show-config"));
        String sql = "SELECT 1 AS one, 'two' AS two, NULL AS three";
        for (String format : FORMATS) {
            String extension = format.equals("json") ? ".json" : "-" + format + ".txt";
            keep(
                    "tables/query" + extension,
                    table("query", "-U", "postgres", "-d", "postgres", "--format", format, "-c", sql));
        }
    }

    private void ask(StringBuilder answers, String node, String method, String path, String body) {
        RestReply reply = cluster.node(node).request(method, path, body);
        answers.append("%s %s %s%n  %d %s%n".formatted(method, path, body, reply.code(), sentence(reply.body())));
    }

    /** A page of markup, as Patroni's library makes it, says no more than its code. */
    private static String sentence(String body) {
        return body.startsWith("<!DOCTYPE") ? "a page" : body.strip();
    }

    private String body(String node, String path) {
        RestReply reply = get(node, path);
        if (reply.code() != 200) {
            throw new LabException("cannot get %s of %s: %d %s".formatted(path, node, reply.code(), reply.body()));
        }
        return reply.body();
    }

    private RestReply get(String node, String path) {
        return cluster.node(node).get(path);
    }

    private String key(String name) {
        return cluster.etcd()
                .get("/service/" + cluster.lab().options().name() + "/" + name)
                .orElse("");
    }

    private String table(String... arguments) {
        return contender.control(cluster.node(REPLICA), arguments).orThrow();
    }

    private void keep(String name, String text) {
        // The lab's name, which is the cluster's, must not tell the runs apart.
        documents.put(name, Mask.of(text.replace(cluster.lab().options().name(), "demo")));
    }
}
