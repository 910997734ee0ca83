package pgha.lab;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads of this JVM that live in one host's network: their sockets, and those of threads they create, belong to it.
 *
 * <p>A namespace is a thread's own, inherited by the threads it creates. So JDBC and HTTP clients are used as they are,
 * as long as they are called from here; platform threads only, since a virtual one changes its carrier.
 */
public final class ClientThreads implements AutoCloseable {
    private final LabHost host;
    private final ExecutorService threads = Executors.newCachedThreadPool(this::thread);

    ClientThreads(LabHost host) {
        this.host = host;
    }

    /** Runs {@code work} in the host's network and waits for it; its exception is the cause of a {@link LabException}. */
    public <T> T call(Callable<T> work) {
        try {
            return submit(work).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new LabException("cannot do this on " + host.name() + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for work on " + host.name(), e);
        }
    }

    /** Runs {@code work} in the host's network without waiting for it. */
    public void execute(Runnable work) {
        threads.execute(work);
    }

    public <T> Future<T> submit(Callable<T> work) {
        return threads.submit(work);
    }

    /** A thread, not started, that will run {@code work} in the host's network. */
    public Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("on-" + host.name()).unstarted(() -> {
            host.enterNetwork();
            work.run();
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
