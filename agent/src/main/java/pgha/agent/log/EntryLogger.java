package pgha.agent.log;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;
import pgha.agent.os.WallClock;

/** A logger of slf4j that makes entries. Thread-safe. */
final class EntryLogger extends LegacyAbstractLogger implements LoggingEventAware {
    /** slf4j's loggers can be serialized; what is read back is a logger of the same name. */
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Loggers loggers;
    private final transient WallClock clock;

    EntryLogger(String name, Loggers loggers, WallClock clock) {
        this.name = name;
        this.loggers = loggers;
        this.clock = clock;
    }

    @Override
    public void log(LoggingEvent event) {
        List<LogEntry.Pair> pairs = new ArrayList<>();
        List<KeyValuePair> given = event.getKeyValuePairs();
        if (given != null) {
            given.forEach(pair -> pairs.add(new LogEntry.Pair(pair.key, String.valueOf(pair.value))));
        }
        enter(event.getLevel(), format(event.getMessage(), event.getArgumentArray()), pairs, event.getThrowable());
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        enter(level, format(message, arguments), List.of(), thrown);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return isDebugEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return loggers.hears(name, LogLevel.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return loggers.hears(name, LogLevel.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return loggers.hears(name, LogLevel.WARNING);
    }

    @Override
    public boolean isErrorEnabled() {
        return loggers.hears(name, LogLevel.ERROR);
    }

    private void enter(Level level, String message, List<LogEntry.Pair> pairs, @Nullable Throwable thrown) {
        String thread = Thread.currentThread().getName();
        loggers.accept(new LogEntry(
                clock.now(), LogLevel.of(level), name, thread, message, pairs, Optional.ofNullable(thrown)));
    }

    private static String format(@Nullable String message, Object @Nullable [] arguments) {
        return String.valueOf(MessageFormatter.basicArrayFormat(message, arguments));
    }
}
