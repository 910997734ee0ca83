package pgha.rest.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks every few seconds at what changes outside without a signal: certificates that are renewed, names that move.
 *
 * <p>Runs on a thread of its own until it is closed, since files and resolvers may block.
 */
final class Lookout implements Runnable, AutoCloseable {
    private static final long SECONDS_BETWEEN = 5;

    private final Runnable look;
    private final CountDownLatch closed = new CountDownLatch(1);

    Lookout(Runnable look) {
        this.look = look;
    }

    @Override
    public void run() {
        try {
            while (!closed.await(SECONDS_BETWEEN, TimeUnit.SECONDS)) {
                look.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
