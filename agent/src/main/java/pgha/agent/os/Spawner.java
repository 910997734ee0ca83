package pgha.agent.os;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.io.File;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Starts programs that have nothing of ours: a session of their own, no capabilities, no descriptors, no signals blocked.
 *
 * <p>Thread-safe: all programs are started by one thread, which has given up its capabilities for good. They belong to
 * threads, and what a thread keeps in its ambient set goes to everything that it executes (capabilities(7)); the
 * threads that bind addresses keep theirs. The JVM is never forked: posix_spawn takes half a millisecond.
 */
public final class Spawner {
    private static final int LAST_CAPABILITY_VERSION = 0x20080522;
    private static final int SIGSET_BYTES = 128;
    private static final int OPAQUE_BYTES = 1024;
    private static final int OWNER_ONLY = 0600;

    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();

    private record Order(Command command, CompletableFuture<Integer> pid) {}

    public Spawner(Threads threads) {
        threads.start("spawner", this::serve);
    }

    /**
     * Starts it and does not wait for it; the caller collects it when it ends ({@link PidFd#reap()}).
     *
     * @return its process id, which is also its session and its process group
     * @throws SpawnException if it cannot be executed
     */
    public int spawn(Command command) throws SpawnException, InterruptedException {
        Order order = new Order(command, new CompletableFuture<>());
        orders.add(order);
        try {
            return order.pid().get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof SpawnException refused) {
                throw refused;
            }
            throw new CompletionException(e.getCause());
        }
    }

    private void serve() {
        giveUpCapabilities();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Order order = orders.take();
                try {
                    order.pid().complete(spawnHere(order.command()));
                } catch (SpawnException e) {
                    order.pid().completeExceptionally(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void giveUpCapabilities() {
        Posix.prctl(Posix.PR_CAP_AMBIENT, Posix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        Memory header = Posix.zeroed(8);
        header.setInt(0, LAST_CAPABILITY_VERSION);
        if (Posix.capset(header, Posix.zeroed(24)) != 0) {
            throw new IllegalStateException("cannot give up capabilities: errno " + Posix.errno());
        }
    }

    private static int spawnHere(Command command) throws SpawnException {
        Memory actions = Posix.zeroed(OPAQUE_BYTES);
        Memory attributes = Posix.zeroed(OPAQUE_BYTES);
        Posix.posix_spawn_file_actions_init(actions);
        Posix.posix_spawnattr_init(attributes);
        try {
            redirect(actions, command.output().toString());
            leaveNothingOfOurs(attributes);
            int[] pid = new int[1];
            int error = Posix.posix_spawn(
                    pid,
                    command.program().toString(),
                    actions,
                    attributes,
                    strings(command.argv()),
                    strings(command.environment().entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .toList()));
            if (error != 0) {
                throw new SpawnException("cannot execute " + command.program() + ": " + describe(error));
            }
            return pid[0];
        } finally {
            Posix.posix_spawn_file_actions_destroy(actions);
            Posix.posix_spawnattr_destroy(attributes);
        }
    }

    private static void redirect(Pointer actions, String output) {
        Posix.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", Posix.O_RDONLY, 0);
        Posix.posix_spawn_file_actions_addopen(
                actions, 1, output, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_APPEND, OWNER_ONLY);
        Posix.posix_spawn_file_actions_adddup2(actions, 1, 2);
        // The agent's own directory may be one that this user cannot enter, which PostgreSQL's programs complain about.
        Posix.optional("posix_spawn_file_actions_addchdir_np").ifPresent(f -> f.invokeInt(new Object[] {actions, "/"}));
        Posix.optional("posix_spawn_file_actions_addclosefrom_np")
                .ifPresentOrElse(f -> f.invokeInt(new Object[] {actions, 3}), Spawner::closeOnExec);
    }

    /** For C libraries before 2.34: what is opened between here and the start is inherited. */
    private static void closeOnExec() {
        String[] open = new File("/proc/self/fd").list();
        for (String fd : open == null ? new String[0] : open) {
            if (Integer.parseInt(fd) > 2) {
                Posix.fcntl(Integer.parseInt(fd), Posix.F_SETFD, Posix.FD_CLOEXEC);
            }
        }
    }

    private static void leaveNothingOfOurs(Pointer attributes) {
        Memory all = Posix.zeroed(SIGSET_BYTES);
        Posix.sigfillset(all);
        Memory none = Posix.zeroed(SIGSET_BYTES);
        Posix.sigemptyset(none);
        Posix.posix_spawnattr_setsigdefault(attributes, all);
        Posix.posix_spawnattr_setsigmask(attributes, none);
        Posix.posix_spawnattr_setflags(attributes, (short)
                (Posix.POSIX_SPAWN_SETSID | Posix.POSIX_SPAWN_SETSIGDEF | Posix.POSIX_SPAWN_SETSIGMASK));
    }

    private static StringArray strings(java.util.List<String> texts) {
        return new StringArray(texts.toArray(String[]::new), "UTF-8");
    }

    private static String describe(int errno) {
        return switch (errno) {
            case 2 -> "it or the directory of its output does not exist (2)";
            case 13 -> "permission denied, for it or for its output (13)";
            case 20 -> "not a directory (20)";
            case 12 -> "out of memory (12)";
            case 28 -> "no space left on device (28)";
            default -> "error " + errno;
        };
    }
}
