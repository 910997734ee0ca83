package pgha.agent.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.os.WallClock;

/**
 * All loggers of this JVM, slf4j's and the JDK's, and the one sink that they write to.
 *
 * <p>Thread-safe. Until a sink is given, warnings and errors go straight to stderr: so it is in agentctl and in tests.
 */
public final class Loggers implements ILoggerFactory {
    private static final LogSettings BEFORE_THE_SINK = quiet();

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final WallClock clock = new WallClock();
    private volatile Target target = new Stderr();

    /** Where entries go. */
    private sealed interface Target {
        boolean hears(String logger, LogLevel level);

        void accept(LogEntry entry);
    }

    private record Queue(LogSink sink) implements Target {
        @Override
        public boolean hears(String logger, LogLevel level) {
            return sink.hears(logger, level);
        }

        @Override
        public void accept(LogEntry entry) {
            sink.accept(entry);
        }
    }

    private record Stderr() implements Target {
        @Override
        public boolean hears(String logger, LogLevel level) {
            return level.isAtLeast(BEFORE_THE_SINK.thresholdOf(logger));
        }

        @Override
        public void accept(LogEntry entry) {
            System.err.println(BEFORE_THE_SINK.layout().print(entry));
        }
    }

    Loggers() {}

    /** The instance that slf4j made. */
    public static Loggers ofThisJvm() {
        return (Loggers) LoggerFactory.getILoggerFactory();
    }

    /** From now on everything is written by {@code sink}; call it again when the sink's settings have changed. */
    public void sendTo(LogSink sink) {
        target = new Queue(sink);
        LogManager.getLogManager().reset();
        java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        root.setLevel(sink.settings().libraryThreshold().forJdk());
        Handler handler = new JdkHandler(this, clock);
        root.addHandler(handler);
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, given -> new EntryLogger(given, this, clock));
    }

    boolean hears(String logger, LogLevel level) {
        return target.hears(logger, level);
    }

    void accept(LogEntry entry) {
        target.accept(entry);
    }

    private static LogSettings quiet() {
        LogSettings usual = LogSettings.defaults();
        return new LogSettings(LogLevel.WARNING, usual.loggers(), usual.layout(), usual.file(), usual.maxQueueSize());
    }
}
