package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.os.Command;
import pgha.agent.os.PidFd;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;

@Timeout(120)
class CallbackLaneTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Threads threads = new Threads((thread, e) -> {
        throw new AssertionError(e);
    });
    private final Spawner spawner = new Spawner(threads);
    private final CallbackLane lane = new CallbackLane(spawner);

    @TempDir
    private Path directory;

    @Test
    void theNextCallbackEndsTheOneBeforeWithAllThatItStarted() throws Exception {
        Path first = pipe("first");
        Path second = pipe("second");
        threads.start("callbacks", lane);

        lane.call(shell("sleep 600 & echo $$ $! > %s; wait".formatted(first)));
        String[] before = Files.readString(first).strip().split(" ", -1);
        lane.call(shell("echo done > " + second));

        assertThat(Files.readString(second)).isEqualTo("done\n");
        assertThat(before).hasSize(2).allMatch(pid -> isGone(Integer.parseInt(pid)));
    }

    @Test
    void whatWasCalledIsStartedBeforeTheLaneIsClosedAndOutlivesIt() throws Exception {
        Path answer = pipe("answer");
        threads.start("callbacks", lane);

        lane.call(shell("echo still here > " + answer));
        lane.close();

        assertThat(Files.readString(answer)).isEqualTo("still here\n");
    }

    private static boolean isGone(int pid) {
        return PidFd.open(pid)
                .map(process -> {
                    try (process) {
                        return process.awaitExit(LIMIT);
                    }
                })
                .orElse(true);
    }

    /** Reading it waits for its writer. */
    private Path pipe(String name) throws Exception {
        Path pipe = directory.resolve(name);
        assertThat(PidFd.exitCode(spawner.spawn(shell("mkfifo " + pipe)))).isZero();
        return pipe;
    }

    private Command shell(String script) {
        return new Command(
                Path.of("/bin/sh"),
                List.of("-c", script),
                new TreeMap<>(Map.of("PATH", "/usr/bin:/bin")),
                directory.resolve("output"));
    }
}
