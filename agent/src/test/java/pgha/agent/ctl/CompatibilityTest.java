package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.agent.ctl.States.Row;

/**
 * Keeps {@code docs/compatibility.md} complete: its rows are what the program has, and what Patroni has besides.
 *
 * <p>{@code -Drewrite=true} writes the page anew; a new endpoint, command or key needs a line in {@code states.txt}.
 * Metrics need none. The lists of the program are files that other tests keep true: of the router, of the keys that are
 * read, of the metrics that are registered.
 */
class CompatibilityTest {
    private static final Path PAGE = Path.of("../docs/compatibility.md");
    private static final Path ROUTES = Path.of("../rest-api/src/test/resources/golden/routes.txt");
    private static final Path KEYS = Path.of("src/main/resources/pgha/agent/config/keys.txt");
    private static final Path FAMILIES = Path.of("src/test/resources/metrics/families.txt");

    private static final String OF_CLUSTER = "bootstrap.dcs.";
    private static final Pattern ROUTE = Pattern.compile("(?m)^([A-Z]+) +(/\\S+) ");
    private static final Map<String, Set<String>> STATES_BY_EFFECT = Map.of(
            "yes", Set.of("same", "partly", "better", "ours"),
            "later", Set.of("missing"),
            // That something has no meaning may be just as with Patroni, where a remark says so.
            "none", Set.of("refused", "same"),
            "unknown", Set.of("missing", "refused"));

    private record Family(String name, String type, String help) {
        static Family parse(String line) {
            String[] words = line.split(" ", 3);
            return new Family(words[0], words[1], words[2]);
        }
    }

    /** Endpoints and commands. */
    private static Set<String> present() throws IOException {
        Set<String> present = new TreeSet<>(AgentCtl.COMMANDS);
        ROUTE.matcher(Files.readString(ROUTES))
                .results()
                .forEach(route -> present.add(route.group(1) + " " + route.group(2)));
        return present;
    }

    /** Keys of the file or of the cluster's settings, without what stands for names of the user's own; and their effect. */
    private static Map<String, String> keys(boolean ofCluster) throws IOException {
        Map<String, String> keys = new TreeMap<>();
        for (String line : Files.readAllLines(KEYS)) {
            String[] column = line.split(" {2,}");
            if (column.length == 5 && column[0].startsWith(OF_CLUSTER) == ofCluster) {
                String path = column[0].replace(OF_CLUSTER, "").replaceFirst("\\.\\*+$", "");
                keys.put(path.equals("tags") ? "tags.<other>" : path, column[4]);
            }
        }
        return keys;
    }

    private static List<Family> families() throws IOException {
        return Files.readAllLines(FAMILIES).stream().map(Family::parse).toList();
    }

    @Test
    void everyEndpointAndCommandHasAState() throws IOException {
        Set<String> stated = States.stated("endpoint");
        stated.addAll(States.stated("command"));

        assertThat(stated).containsAll(present());
    }

    @ParameterizedTest
    @ValueSource(strings = {"endpoint", "health", "command", "daemon", "setting", "dynamic", "environment"})
    void allThatPatroniHasHasARowAndAllElseIsOurs(String kind) {
        Set<String> patronis = States.patronis(kind);
        assertThat(States.stated(kind)).containsAll(patronis);

        for (Row row : States.rows()) {
            if (row.kind().equals(kind) && !kind.equals("daemon")) {
                assertThat(row.each())
                        .as(row.toString())
                        .allMatch(item -> row.state().equals("ours") != patronis.contains(item));
            }
        }
    }

    @Test
    void everyKeyThatIsReadHasARowThatDoesNotSayMoreThanIsDone() throws IOException {
        haveStates("setting", keys(false));
        haveStates("dynamic", keys(true));
    }

    private static void haveStates(String kind, Map<String, String> effects) {
        List<Row> rows =
                States.rows().stream().filter(row -> row.kind().equals(kind)).toList();
        for (Map.Entry<String, String> key : effects.entrySet()) {
            // A key that stands for everything below it is described by what is below, if anything is.
            assertThat(States.stated(kind))
                    .as("rows of %s", key)
                    .anyMatch(item -> item.equals(key.getKey()) || item.startsWith(key.getKey() + "."));
        }
        for (Row row : rows) {
            for (String item : row.each()) {
                Set<String> honest = STATES_BY_EFFECT.get(effectOf(item, effects));
                assertThat(honest).as("state of " + item).contains(row.state());
                assertThat(row.remark())
                        .as("remark of " + item)
                        .matches(remark -> !row.state().equals("partly") || !remark.isEmpty());
            }
        }
    }

    private static String effectOf(String item, Map<String, String> effects) {
        // The sections of methods are of the user's own naming, and in no table.
        if (item.equals("bootstrap.dcs") || item.matches("(postgresql|bootstrap)\\.<method>.*")) {
            return "yes";
        }
        String section = item.contains(".") ? item.substring(0, item.lastIndexOf('.')) : item;
        return effects.getOrDefault(item, effects.getOrDefault(section, "unknown"));
    }

    @Test
    void whatIsRefusedIsNotThere() throws IOException {
        assertThat(States.rows().stream()
                        .filter(row -> row.state().equals("refused"))
                        .flatMap(row -> row.each().stream()))
                .doesNotContainAnyElementsOf(present());
    }

    @Test
    void allMetricsOfPatroniAreThereWithTheirTypesAndAllElseIsNamedAsOurs() throws IOException {
        assertThat(families().stream()
                        .filter(family -> !family.name().startsWith("pgha_"))
                        .map(family -> family.name() + " " + family.type()))
                .containsExactlyInAnyOrderElementsOf(States.patronis("metric"));
    }

    @Test
    void thePageIsTheTable() throws IOException {
        String page = """
                # What works as with Patroni

                This page is made by CompatibilityTest from the router's table, from agentctl's commands, from the keys that are read,
                from the metrics that are registered, and from states.txt beside the test; patroni.txt there lists what Patroni has,
                and nothing of it can be without a row. *same*: as Patroni %s documents and does it. *better*: the same, and what the
                remark says. *partly*: not all of it. *ours*: Patroni has no such thing. *refused*: not wanted here. *missing*: not there yet.
                `{a,b}` stands for each of them in turn, `<word>` for a name of your own.

                ## Endpoints

                %s
                ## Health checks

                %s
                ## Commands of agentctl, which are patronictl's

                %s
                ## The daemon, and its interface for load balancers

                %s
                ## Settings of a node's file

                %s
                ## Settings of the cluster: /config, and bootstrap.dcs

                %s
                ## Variables of the environment

                %s
                ## Metrics

                %s""".formatted(
                        "4",
                        table("endpoint"),
                        table("health"),
                        table("command"),
                        table("daemon"),
                        table("setting"),
                        table("dynamic"),
                        table("environment"),
                        metrics());
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(PAGE, page);
        }
        assertThat(page).isEqualTo(Files.readString(PAGE));
    }

    private static String table(String kind) throws IOException {
        Set<String> present = present();
        boolean ofTheProgram = kind.equals("endpoint") || kind.equals("command");
        return table(States.rows().stream()
                .filter(row -> row.kind().equals(kind))
                .map(row -> ofTheProgram && !row.state().equals("refused") && !present.contains(row.items())
                        ? row.missing()
                        : row));
    }

    /** Patroni's that are not there would be rows, too, if a test let that pass. */
    private static String metrics() throws IOException {
        Set<String> patronis = States.patronis("metric");
        return table(families().stream()
                .map(family -> new Row(
                        "metric",
                        family.name() + " " + family.type(),
                        patronis.contains(family.name() + " " + family.type()) ? "same" : "ours",
                        family.help())));
    }

    private static String table(Stream<Row> rows) {
        List<String> lines = new ArrayList<>(List.of("| | state | |", "|---|---|---|"));
        rows.map(row -> "| `%s` | %s | %s |".formatted(row.items(), row.state(), row.remark()))
                .forEach(lines::add);
        assertThat(lines).hasSameSizeAs(new LinkedHashSet<>(lines));
        return String.join("\n", lines) + "\n";
    }
}
