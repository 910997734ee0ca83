package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.rest.Statuses;

class PatienceTest {
    @Test
    void aRestartMayTakeAsLongAsAStartMay() {
        assertThat(atEnd("/restart", "{}"))
                .isEqualTo("Restart status unknown after 330 seconds; operation may still be in progress");
        assertThat(atEnd("/restart", "{\"timeout\":\"10min\"}")).startsWith("Restart status unknown after 630 seconds");
        assertThat(atEnd("/restart", "{\"timeout\":5}")).startsWith("Restart status unknown after 120 seconds");
        assertThat(atEnd("/restart", "nonsense")).startsWith("Restart status unknown after 330 seconds");
    }

    @Test
    void eachOrderIsCalledByItsName() {
        assertThat(atEnd("/switchover", "{}")).startsWith("Switchover status unknown after 120 seconds;");
        assertThat(atEnd("/failover", "{}")).startsWith("Failover status unknown after 120 seconds;");
        assertThat(atEnd("/reinitialize", "{}")).startsWith("POST /reinitialize: status unknown after 120 seconds;");
    }

    private static String atEnd(String path, String body) {
        return Patience.with(
                        Rigs.request("POST", path, Optional.empty(), Optional.of(body)),
                        Statuses.leader().build())
                .atEnd()
                .body();
    }
}
