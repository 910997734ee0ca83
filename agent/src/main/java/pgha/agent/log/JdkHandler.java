package pgha.agent.log;

import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import pgha.agent.os.WallClock;

/** Takes over what libraries write to java.util.logging. */
final class JdkHandler extends Handler {
    private static final SimpleFormatter PARAMETERS = new SimpleFormatter();

    private final Loggers loggers;
    private final WallClock clock;

    JdkHandler(Loggers loggers, WallClock clock) {
        this.loggers = loggers;
        this.clock = clock;
    }

    @Override
    public void publish(@Nullable LogRecord record) {
        if (record == null) {
            return;
        }
        String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
        LogLevel level = LogLevel.of(record.getLevel());
        if (loggers.hears(logger, level)) {
            loggers.accept(new LogEntry(
                    clock.now(),
                    level,
                    logger,
                    Thread.currentThread().getName(),
                    PARAMETERS.formatMessage(record),
                    List.of(),
                    Optional.ofNullable(record.getThrown())));
        }
    }

    @Override
    public void flush() {
        // The sink writes as soon as it can.
    }

    @Override
    public void close() {
        // The sink is closed by whoever started it.
    }
}
