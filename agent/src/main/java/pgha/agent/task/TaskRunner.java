package pgha.agent.task;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Cancelled;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskId;

/**
 * Runs each task on a thread of its own and reports its end exactly once.
 *
 * <p>Thread-safe. Starting and cancelling never block. A task that dies of a bug is reported as failed, and the
 * exception goes on to the thread's uncaught handler.
 */
public final class TaskRunner {
    /** Hears of tasks, on their threads. */
    public interface Listener {
        void progressed(TaskId task, Progress progress);

        void finished(TaskId task, Outcome outcome);
    }

    private final ThreadFactory threads;
    private final Listener listener;
    private final Map<TaskId, CancelToken> running = new ConcurrentHashMap<>();

    public TaskRunner(ThreadFactory threads, Listener listener) {
        this.threads = threads;
        this.listener = listener;
    }

    public void start(TaskId id, Task task) {
        CancelToken cancel = new CancelToken();
        if (running.putIfAbsent(id, cancel) != null) {
            throw new IllegalStateException("task " + id + " was started twice");
        }
        threads.newThread(() -> run(id, task, cancel)).start();
    }

    /** Asks the task to end; its finish tells when it has. Nothing happens if it is over. */
    public void cancel(TaskId id) {
        CancelToken cancel = running.get(id);
        if (cancel != null) {
            cancel.request();
        }
    }

    private void run(TaskId id, Task task, CancelToken cancel) {
        Outcome outcome = new Failed("the task ended by a bug, which is in the log");
        try {
            outcome = task.run(cancel, progress -> listener.progressed(id, progress));
        } catch (InterruptedException e) {
            outcome = new Cancelled();
        } finally {
            running.remove(id);
            listener.finished(id, outcome);
        }
    }
}
