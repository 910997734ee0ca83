package pgha.agent.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The signals of a daemon, sent to the JVM of this test by a real kill(1). */
class SignalsTest {
    private static final int HUP = 1;
    private static final int INT = 2;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void eachSignalReachesTheListenerAndTheProcessGoesOn() throws Exception {
        Signals.listen(new Signals.Listener() {
            @Override
            public void stopRequested(String signal) {
                heard.add("stop by " + signal);
            }

            @Override
            public void reloadRequested() {
                heard.add("reload");
            }
        });

        assertThat(afterSending("TERM")).isEqualTo("stop by TERM");
        if (!isIgnoredSinceTheStart(HUP)) {
            assertThat(afterSending("HUP")).isEqualTo("reload");
        }
        if (!isIgnoredSinceTheStart(INT)) {
            assertThat(afterSending("INT")).isEqualTo("stop by INT");
        }
        assertThat(afterSending("TERM")).isEqualTo("stop by TERM");
    }

    /** As under nohup(1), or in the background of a script: the JVM leaves such a signal ignored, whoever asks for it. */
    private static boolean isIgnoredSinceTheStart(int signal) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> (signal - 1) & 1) == 1);
    }

    private String afterSending(String signal) throws IOException, InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-s", signal, pid).start().waitFor())
                .isZero();
        return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }
}
