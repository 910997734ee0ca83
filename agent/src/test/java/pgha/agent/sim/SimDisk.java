package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The disk below one server, which can be full or stand still: what the server does by itself waits for it.
 *
 * <p>A process that waits for the disk cannot be killed before it answers, and acknowledges nothing meanwhile.
 */
final class SimDisk {
    private final World world;
    private final SimNode node;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean full;
    private boolean stalled;

    SimDisk(World world, SimNode node) {
        this.world = world;
        this.node = node;
    }

    boolean isFull() {
        return full;
    }

    boolean isStalled() {
        return stalled;
    }

    /** A server that finds no room for its log panics, and does not come up before there is some. */
    void fill(boolean is) {
        full = is;
        if (is && node.postgres().isPrimary()) {
            world.trace().say(node.text(), "postgres: no space left on device: it panics");
            node.postgres().gone();
        }
    }

    void stall(boolean is) {
        stalled = is;
        if (!is) {
            List<Runnable> due = List.copyOf(waiting);
            waiting.clear();
            due.forEach(node::run);
        }
    }

    /** Something that the server does after a while, on a host that runs and a disk that answers. */
    void after(Duration delay, Runnable work) {
        world.after(
                delay,
                () -> node.run(() -> {
                    if (stalled) {
                        waiting.add(work);
                    } else {
                        work.run();
                    }
                }));
    }
}
