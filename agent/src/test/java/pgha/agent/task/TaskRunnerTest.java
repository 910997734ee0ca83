package pgha.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Cancelled;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskId;

class TaskRunnerTest {
    private final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final TaskRunner runner = new TaskRunner(
            body -> Thread.ofPlatform()
                    .daemon(true)
                    .uncaughtExceptionHandler((thread, e) -> heard.add(e.getClass()))
                    .unstarted(body),
            new TaskRunner.Listener() {
                @Override
                public void progressed(TaskId task, Progress progress) {
                    heard.add(progress);
                }

                @Override
                public void finished(TaskId task, Outcome outcome) {
                    heard.add(List.of(task, outcome));
                }
            });

    @Test
    void tellsProgressAndThenTheEnd() throws InterruptedException {
        runner.start(new TaskId(1), (cancel, progress) -> {
            progress.accept(new Progress.StopAsked());
            return new Succeeded();
        });

        assertThat(next()).isEqualTo(new Progress.StopAsked());
        assertThat(next()).isEqualTo(List.of(new TaskId(1), new Succeeded()));
    }

    @Test
    void cancelsWhereTheTaskLooks() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        runner.start(new TaskId(2), (cancel, progress) -> {
            cancelled.await();
            cancel.throwIfRequested();
            return new Succeeded();
        });

        runner.cancel(new TaskId(2));
        cancelled.countDown();

        assertThat(next()).isEqualTo(List.of(new TaskId(2), new Cancelled()));
    }

    @Test
    void tellsTheEndOfATaskThatDiesOfABug() throws InterruptedException {
        runner.start(new TaskId(3), (cancel, progress) -> {
            throw new IllegalStateException("bug");
        });

        assertThat(next())
                .isEqualTo(List.of(new TaskId(3), new Failed("the task ended by a bug, which is in the log")));
        assertThat(next()).isEqualTo(IllegalStateException.class);
    }

    @Test
    void cancellingWhatIsOverDoesNothing() {
        runner.cancel(new TaskId(4));

        assertThat(heard).isEmpty();
    }

    private Object next() throws InterruptedException {
        return java.util.Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "nothing was told");
    }
}
