package pgha.it.vip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace of our own, and a thread that lives in it: a host as far as addresses and packets go.
 *
 * <p>Sockets belong to the namespace of the thread that opens them, so what {@link #call} opens can be used by any
 * thread afterwards. Closing removes the namespace.
 */
final class Namespace implements AutoCloseable {
    private static final long COMMAND_TIMEOUT_SECONDS = 20;

    private final String name;
    private final ExecutorService inside;

    private Namespace(String name) {
        this.name = name;
        this.inside = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("in-" + name).factory());
    }

    /** Names carry our process id: several test runs do not meet. */
    static Namespace create(String role) throws Exception {
        Namespace namespace = new Namespace("pgha-" + ProcessHandle.current().pid() + "-" + role);
        run("ip", "netns", "add", namespace.name);
        namespace.call(() -> {
            Setns.enter(namespace.name);
            return 0;
        });
        namespace.ip("link set lo up");
        return namespace;
    }

    String name() {
        return name;
    }

    /** Runs {@code ip ARGUMENTS} for this namespace and returns what it prints. */
    String ip(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments.split(" ", -1)));
        return run(command.toArray(String[]::new));
    }

    String exec(String... command) throws IOException, InterruptedException {
        return run(inside(command).toArray(String[]::new));
    }

    /** Starts a program in this namespace, both its streams in one; the caller ends it. */
    Process start(String... command) throws IOException {
        return new ProcessBuilder(inside(command)).redirectErrorStream(true).start();
    }

    private List<String> inside(String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(command));
        return whole;
    }

    <T> T call(Callable<T> task) throws Exception {
        try {
            return inside.submit(task).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Threads for what must not be ours: sockets are opened elsewhere, only waiting is done on these. */
    static ThreadFactory threads(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end of " + String.join(" ", command));
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + " exited with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        inside.shutdownNow();
        try {
            run("ip", "netns", "del", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
