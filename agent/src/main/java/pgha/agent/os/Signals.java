package pgha.agent.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Hands SIGTERM, SIGINT and SIGHUP to the agent, in place of the JVM's own way of ending at once.
 *
 * <p>The listener is called on a thread of the JDK's for each signal: it posts an event and returns. A second SIGTERM
 * is told like the first. SIGQUIT stays the JVM's: it prints all threads.
 */
public final class Signals {
    /** What the signals of a daemon mean. */
    public interface Listener {
        /** SIGTERM or SIGINT, by its name without SIG. */
        void stopRequested(String signal);

        /** SIGHUP: read the configuration again. */
        void reloadRequested();
    }

    private Signals() {}

    /** Replaces whatever listened before. */
    public static void listen(Listener listener) {
        try {
            route("TERM", () -> listener.stopRequested("TERM"));
            route("INT", () -> listener.stopRequested("INT"));
            route("HUP", listener::reloadRequested);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot listen for signals: this runtime lacks module jdk.unsupported", e);
        }
    }

    /** sun.misc.Signal is the JDK's only door to signals, and javac has no way to use it without a warning. */
    private static void route(String name, Runnable reaction) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        MethodHandle run = MethodHandles.lookup().bind(reaction, "run", MethodType.methodType(void.class));
        Object reactor = MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), reactor);
    }
}
