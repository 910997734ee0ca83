package pgha.agent.os;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The only place that makes threads: each has a name, and somebody is told when one dies of an exception.
 *
 * <p>Thread-safe. All are daemons: the process ends when {@code Main} says so, not when the last thread does.
 */
public final class Threads {
    private final Thread.UncaughtExceptionHandler uncaught;

    /** An exception that leaves a thread is a bug: {@code uncaught} reports it and decides what becomes of the process. */
    public Threads(Thread.UncaughtExceptionHandler uncaught) {
        this.uncaught = uncaught;
    }

    /** Starts a thread of the operating system, for what lives as long as the agent. */
    public Thread start(String name, Runnable body) {
        Thread thread = platform(name, body);
        thread.start();
        return thread;
    }

    /** Starts a virtual thread, for one long operation of many waits. */
    public Thread startTask(String name, Runnable body) {
        return Thread.ofVirtual()
                .name("task-" + name)
                .uncaughtExceptionHandler(uncaught)
                .start(body);
    }

    /** For libraries that start threads by themselves: {@code prefix-1}, {@code prefix-2}, ... */
    public ThreadFactory factory(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return body -> platform(prefix + "-" + number.incrementAndGet(), body);
    }

    /** One thread of the operating system, begun when it is first given something; does what it is given in order. */
    public Executor worker(String name) {
        return Executors.newSingleThreadExecutor(body -> platform(name, body));
    }

    private Thread platform(String name, Runnable body) {
        return Thread.ofPlatform()
                .name(name)
                .daemon(true)
                .uncaughtExceptionHandler(uncaught)
                .unstarted(body);
    }
}
