package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/compatibility.md} complete: its rows are what the program has, and what Patroni has besides.
 *
 * <p>{@code -Drewrite=true} writes the page anew; a new endpoint or command needs a line in {@code states.txt}.
 */
class CompatibilityTest {
    private static final Path PAGE = Path.of("../docs/compatibility.md");
    private static final Path STATES = Path.of("src/test/resources/compatibility/states.txt");

    /** The router's own table, which a test of that module keeps true. */
    private static final Path ROUTES = Path.of("../rest-api/src/test/resources/golden/routes.txt");

    private static final Pattern ROUTE = Pattern.compile("(?m)^([A-Z]+) +(/\\S+) ");

    private record Row(String kind, String item, String state, String remark) {
        static Row parse(String line) {
            String[] columns = line.split("\\|", -1);
            return new Row(columns[0].strip(), columns[1].strip(), columns[2].strip(), columns[3].strip());
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(STATES).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Row::parse)
                .toList();
    }

    private static Set<String> present() throws IOException {
        Set<String> present = new TreeSet<>(AgentCtl.COMMANDS);
        ROUTE.matcher(Files.readString(ROUTES))
                .results()
                .forEach(route -> present.add(route.group(1) + " " + route.group(2)));
        return present;
    }

    @Test
    void everyEndpointAndCommandHasAState() throws IOException {
        Set<String> stated = new TreeSet<>();
        rows().forEach(row -> stated.add(row.item()));

        assertThat(stated).containsAll(present());
    }

    @Test
    void whatIsRefusedIsNotThere() throws IOException {
        assertThat(rows().stream().filter(row -> row.state().equals("refused")).map(Row::item))
                .doesNotContainAnyElementsOf(present());
    }

    @Test
    void thePageIsTheTable() throws IOException {
        String page = """
                # What works as with Patroni

                This page is made by CompatibilityTest from the router's table, from agentctl's commands and from
                states.txt beside the test. *same*: as Patroni %s documents and does it. *better*: the same, and what the
                remark says. *partly*: not all of it. *ours*: Patroni has no such thing. *refused*: not wanted here. *missing*: not there yet.

                ## Endpoints

                %s
                ## Health checks

                %s
                ## Commands of agentctl, which are patronictl's

                %s
                ## The daemon, and its interface for load balancers

                %s""".formatted("4", table("endpoint"), table("health"), table("command"), table("daemon"));
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(PAGE, page);
        }
        assertThat(page).isEqualTo(Files.readString(PAGE));
    }

    private static String table(String kind) throws IOException {
        Set<String> present = present();
        List<String> lines = new ArrayList<>(List.of("| | state | |", "|---|---|---|"));
        for (Row row : rows()) {
            if (row.kind().equals(kind)) {
                boolean ofTheProgram = kind.equals("endpoint") || kind.equals("command");
                boolean missing = ofTheProgram && !row.state().equals("refused") && !present.contains(row.item());
                lines.add("| `%s` | %s | %s |"
                        .formatted(row.item(), missing ? "missing" : row.state(), missing ? "" : row.remark()));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
