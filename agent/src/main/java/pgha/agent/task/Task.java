package pgha.agent.task;

import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Progress;

/** A long operation, written as blocking code that ends with one outcome. Run once, on a thread of its own. */
public interface Task {
    /** @throws InterruptedException if it was cancelled and has cleaned up behind itself */
    Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException;
}
