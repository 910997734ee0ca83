package pgha.agent.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    private final CompletableFuture<String> died = new CompletableFuture<>();
    private final Threads threads =
            new Threads((thread, bug) -> died.complete(thread.getName() + ": " + bug.getMessage()));

    @Test
    void aThreadThatDiesIsReportedByName() throws Exception {
        threads.start("loop", ThreadsTest::fail);

        assertThat(died.get(10, TimeUnit.SECONDS)).isEqualTo("loop: no way on");
    }

    @Test
    void aTaskThatDiesIsReportedByName() throws Exception {
        threads.startTask("basebackup", ThreadsTest::fail);

        assertThat(died.get(10, TimeUnit.SECONDS)).isEqualTo("task-basebackup: no way on");
    }

    @Test
    void librariesGetNumberedDaemons() {
        ThreadFactory factory = threads.factory("rest");

        assertThat(factory.newThread(() -> {}).getName()).isEqualTo("rest-1");
        assertThat(factory.newThread(() -> {}).getName()).isEqualTo("rest-2");
        assertThat(factory.newThread(() -> {}).isDaemon()).isTrue();
    }

    private static void fail() {
        throw new IllegalStateException("no way on");
    }
}
