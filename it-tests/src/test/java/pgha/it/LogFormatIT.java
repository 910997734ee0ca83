package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabNode;

/** The section {@code log} of the file, taken over at SIGHUP: what a line looks like, which lines there are, where they go. */
final class LogFormatIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.small("logformatit", "pg-1", "pg-2");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String LOGS = "/var/lib/postgresql/logs/pgha-agent.log";
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LINE =
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} (DEBUG|INFO|WARNING|ERROR): \\S.*";
    private static final String DECISION =
            ".* INFO: .* decision=[A-Z_]+ was=[A-Z_]+ leader=\\S+ lease=\\S+ role=\\S+ tl=\\S+"
                    + " lsn=\\S+ rev=\\d+ actions=\\S.*";

    private static int complaints;

    private LabNode node;
    private String before;

    @BeforeEach
    void remember() {
        node = RIG.cluster().awaitPrimary();
        before = node.configuration();
    }

    @AfterEach
    void giveTheFileBack() {
        node.configure(before);
        node.signalAgent(Signal.HUP);
        Patience.demand(
                "lines are plain again", LIMIT, () -> complain(node::log).matches(LINE));
    }

    @Test
    void aPlainLineIsAsPatronisAndADecisionHasItsFacts() {
        List<String> lines = node.log().lines().toList();

        assertThat(lines).allMatch(line -> line.matches(LINE) || line.startsWith("{"));
        List<String> decisions = lines.stream()
                .filter(line -> line.contains(" INFO: ") && line.contains(" decision="))
                .toList();
        assertThat(decisions).hasSizeGreaterThan(2).allMatch(line -> line.matches(DECISION));
        List<String> said = decisions.stream()
                .map(line -> line.replaceFirst(".* decision=(\\S+) .* actions=(.+)", "$1 $2"))
                .toList();
        for (int line = 1; line < said.size(); line++) {
            assertThat(said.get(line)).as("line %d says something new", line).isNotEqualTo(said.get(line - 1));
        }
        assertThat(complain(node::log)).contains(" WARNING: maximum_lag_on_failover: ");
    }

    @Test
    void aFormatOfTheOperatorsOwn() {
        takeOver("""
                format: '%(levelname)-8s %(asctime)s [%(name)s] %(message)s'
                dateformat: '%Y/%m/%d'
                """);
        Patience.demand(
                "lines look so",
                LIMIT,
                () -> complain(node::log)
                        .matches(
                                "WARNING  \\d{4}/\\d\\d/\\d\\d \\[pgha\\.[\\w.]+] maximum_lag_on_failover: -\\d+ is negative; .*"));

        takeOver("format: '%(levelname)s %(nonsense)s'\n");
        Patience.demand("it is refused", LIMIT, () -> node.log()
                .lines()
                .anyMatch(line -> line.startsWith("ERROR    ")
                        && line.contains("agent.yml:")
                        && line.contains(": log.format: ")));
        assertThat(complain(node::log)).startsWith("WARNING  ");
    }

    @Test
    void jsonHasOneObjectALine() {
        takeOver("""
                type: json
                format: [asctime, {levelname: level}, message]
                static_fields: {service: databases}
                """);
        Patience.demand("lines are JSON", LIMIT, () -> complain(node::log).startsWith("{"));
        List<String> old = node.log().lines().toList();

        JsonNode complaint = json(complain(node::log));
        assertThat(complaint.path("level").asText()).isEqualTo("WARNING");
        assertThat(complaint.path("message").asText()).startsWith("maximum_lag_on_failover: ");
        assertThat(complaint.path("service").asText()).isEqualTo("databases");
        assertThat(complaint.path("asctime").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}");

        node.agentctl("pause", "--wait").orThrow();
        node.agentctl("resume", "--wait").orThrow();
        List<JsonNode> lines = new ArrayList<>();
        node.log().lines().skip(old.size()).forEach(line -> lines.add(json(line)));
        JsonNode decision = lines.stream()
                .filter(line -> line.has("decision"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no decision in " + lines));
        assertThat(decision.path("message").asText()).isNotEmpty().doesNotContain("decision=");
        assertThat(decision.path("leader").asText()).isEqualTo(node.name());
        assertThat(decision.has("actions")).isTrue();
    }

    @Test
    void levelsSayWhichLinesThereAre() {
        takeOver("level: DEBUG\n");
        Patience.demand("requests are logged", LIMIT, () -> {
            node.get("/primary?asked=now");
            return node.log().contains(" DEBUG: " + RIG.cluster().lab().client().address() + " GET /primary?asked=now");
        });

        takeOver("level: ERROR\n");
        Patience.demand(
                "warnings are not logged", LIMIT, () -> complain(node::log).isEmpty());
        List<String> old = node.log().lines().toList();
        takeOver("level: [\n");
        Patience.demand(
                "errors are logged",
                LIMIT,
                () -> node.log().lines().skip(old.size()).anyMatch(line -> line.contains(" ERROR: ")));
        node.configure(before);
        assertThat(node.log().lines().skip(old.size())).allMatch(line -> line.contains(" ERROR: "));

        takeOver("level: ERROR\nloggers:\n  pgha.agent.SettingsApplier: WARNING\n");
        Patience.demand("this one is heard", LIMIT, () -> complain(node::log).contains(" WARNING: "));
        assertThat(node.log().lines().skip(old.size())).noneMatch(line -> line.contains(" INFO: "));
    }

    @Test
    void aDirectoryHasRotatedFiles() {
        Supplier<String> file = () -> node.host().read(LOGS).orElse("");
        node.host()
                .exec("install", "-d", "-o", "postgres", "/var/lib/postgresql/logs")
                .orThrow();
        takeOver("dir: /var/lib/postgresql/logs\nfile_size: 600\nfile_num: 2\n");
        Patience.demand("lines go there", LIMIT, () -> complain(file).contains(" WARNING: "));
        String stderr = node.log();

        for (int line = 0; line < 20; line++) {
            assertThat(complain(file)).matches(LINE);
        }

        for (String name : List.of(LOGS, LOGS + ".1", LOGS + ".2")) {
            assertThat(node.host().read(name).orElseThrow().length()).as(name).isBetween(1, 600);
        }
        assertThat(node.host().read(LOGS + ".3")).isEmpty();
        assertThat(node.log()).as("what goes to stderr").isEqualTo(stderr);
    }

    /** Puts the lines below {@code log} of the file and has it read. */
    private void takeOver(String lines) {
        node.configure(before + "\nlog:\n" + lines.indent(2));
        node.signalAgent(Signal.HUP);
    }

    /** Orders what the agent warns of, and says how it did; empty if it has not. */
    private String complain(Supplier<String> log) {
        String words = "maximum_lag_on_failover: -" + ++complaints + " is negative";
        int code = Curl.of(RIG.cluster(), node)
                .send("PATCH", "/config", "{\"maximum_lag_on_failover\": -" + complaints + "}")
                .code();
        assertThat(code).isEqualTo(200);
        List<String> found = new ArrayList<>();
        Patience.until(Duration.ofSeconds(2), () -> log.get()
                .lines()
                .filter(line -> line.contains(words))
                .findFirst()
                .map(found::add)
                .orElse(false));
        return found.isEmpty() ? "" : found.getFirst();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
