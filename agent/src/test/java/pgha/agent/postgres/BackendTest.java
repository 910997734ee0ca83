package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkpointer",
                "checkpointer performing shutdown checkpoint",
                "background writer",
                "walwriter",
                "stats collector",
                "logger",
                "io worker 2",
                "walsummarizer",
                "startup recovering 000000010000000000000003",
                "startup waiting for 000000010000000000000003",
                "archiver",
                "archiver last was 000000010000000000000003",
                "archiver archiving 000000010000000000000003",
                "walreceiver streaming 0/3000148",
                "walsender replicator 10.77.0.2(40000) streaming 0/3000148",
                "walsender replicator [local] idle"
            })
    void cannotAcknowledgeAWrite(String title) throws IOException, InterruptedException {
        assertThat(Backend.isHarmless("postgres: demo: " + title, "demo")).isTrue();
        assertThat(Backend.isHarmless("postgres: " + title, "demo")).isTrue();
        assertThat(guardCallsHarmless(title)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app shop 10.77.0.9(50000) idle",
                "app shop [local] COMMIT waiting for 0/3000148",
                "autovacuum launcher",
                "autovacuum worker shop",
                "logical replication launcher",
                "parallel worker for PID 17",
                "archiver shop [local] idle",
                "checkpointer shop [local] idle",
                "logger shop [local] idle",
                "startup shop [local] idle",
                "",
                "/usr/lib/postgresql/15/bin/postgres -D /data"
            })
    void mightAcknowledgeAWrite(String title) throws IOException, InterruptedException {
        assertThat(Backend.isHarmless("postgres: demo: " + title, "demo")).isFalse();
        assertThat(Backend.isHarmless(title, "demo")).isFalse();
        assertThat(guardCallsHarmless(title)).isFalse();
    }

    /** The guard has the list a second time, as patterns of a shell: these are run by one. */
    private static boolean guardCallsHarmless(String title) throws IOException, InterruptedException {
        String script = Files.readString(Path.of("src/main/scripts/lease-guard"));
        Matcher patterns = Pattern.compile("case \\$title in\\n(.*?)\\n *\\*\\)", Pattern.DOTALL)
                .matcher(script);
        assertThat(patterns.find()).isTrue();
        Process shell = new ProcessBuilder(
                        "bash",
                        "-c",
                        "title=$1; case $title in\n" + patterns.group(1) + "\n*) exit 1 ;; esac",
                        "-",
                        title)
                .start();
        return shell.waitFor() == 0;
    }
}
