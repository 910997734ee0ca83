package pgha.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import pgha.lab.Command;

/** The samples for the stack around the agent are accepted by the programs that they are for. */
class StackFilesIT {
    private static final Path STACK = Distribution.built().home().resolve("stack");

    @Test
    void prometheusTakesTheScrapeConfigurationAndItsRules() {
        assertThat(ran("promtool", "check", "config", path("prometheus/prometheus.yml")))
                .contains("is valid prometheus config file syntax");
        assertThat(ran("promtool", "check", "rules", path("prometheus/pgha-rules.yml")))
                .contains("SUCCESS");
    }

    @Test
    void theAlertsFireWhenTheyShouldAndNotBefore() {
        assertThat(ran("promtool", "test", "rules", path("prometheus/pgha-rules-test.yml")))
                .contains("SUCCESS");
    }

    @Test
    void haproxyTakesTheFiveServices() {
        assertThat(ran("haproxy", "-c", "-f", path("haproxy/haproxy.cfg"))).contains("Configuration file is valid");
    }

    private static String path(String file) {
        return STACK.resolve(file).toString();
    }

    private static String ran(String... command) {
        Command.Result result = Command.run(command);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result.out() + result.err();
    }
}
