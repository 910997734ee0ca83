package pgha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import pgha.agent.ctl.States;

/** What the page of compatibility says of each variable is so. */
class EnvironmentVariablesTest {
    /** Some count only beside another. */
    private static final Map<String, String> OTHERS = Map.of("PATRONI_ETCD3_HOST", "etcd-1", "PATRONI_ETCD3_PORT", "1");

    @Test
    void aVariableIsReadIfThePageSaysSoAndNotOtherwise() {
        for (States.Row row : States.rows()) {
            if (row.kind().equals("environment")) {
                for (String variable : row.each()) {
                    assertThat(isRead(variable))
                            .as(variable)
                            .isEqualTo(row.state().equals("same"));
                }
            }
        }
    }

    private static boolean isRead(String variable) {
        // These are of the loader, of agentctl, and of the server.
        return variable.equals(EnvironmentVariables.DOCUMENT)
                || variable.equals("PATRONICTL_CONFIG_FILE")
                || variable.equals("DCS_URL")
                || variable.equals("PG_MALLOC_ARENA_MAX")
                || changesSomething(variable);
    }

    private static boolean changesSomething(String variable) {
        Map<String, String> with = new TreeMap<>(OTHERS);
        with.put(variable, "one");
        return !configuration(with).equals(configuration(OTHERS));
    }

    private static String configuration(Map<String, String> variables) {
        return YamlJson.of(new EnvironmentVariables(variables, new Problems()).configuration())
                .toString();
    }
}
