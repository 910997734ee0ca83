package pgha.lab.cluster;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the agent in its own JVM, and fills the heap up to the last byte once a file exists.
 *
 * <p>Started in the agent's place, on the agent's class path. It uses nothing but the JDK and reaches the agent by name, since
 * this one class is copied to the host.
 */
final class HeapFiller {
    private static final String AGENT = "pgha.agent.Main";
    private static final long LOOK_NANOS = 50_000_000;
    private static final int LARGE = 64 * 1024;
    private static final int SMALL = 16;

    private HeapFiller() {}

    /** Arguments: the file to wait for, then the agent's own. */
    public static void main(String[] arguments) throws Throwable {
        Path order = Path.of(arguments[0]);
        Thread filler = new Thread(() -> fillOn(order), "heap-filler");
        filler.setDaemon(true);
        filler.start();
        String[] others = new String[arguments.length - 1];
        System.arraycopy(arguments, 1, others, 0, others.length);
        try {
            Class.forName(AGENT).getMethod("main", String[].class).invoke(null, (Object) others);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static void fillOn(Path order) {
        while (!Files.exists(order)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Deque<byte[]> hoard = new ArrayDeque<>();
        for (int size = LARGE; ; ) {
            try {
                hoard.push(new byte[size]);
            } catch (OutOfMemoryError e) {
                // A JVM that lives on has not a byte for anybody else from now on.
                size = Math.max(SMALL, size / 2);
            }
        }
    }
}
