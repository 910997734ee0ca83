package pgha.agent.log;

import java.util.Locale;
import org.slf4j.event.Level;

/** How much an entry matters, by the names and numbers of Python's logging that {@code log.level} is written in. */
public enum LogLevel {
    DEBUG(10),
    INFO(20),
    WARNING(30),
    ERROR(40),
    /** Only ever a threshold: nothing of ours is more than an error. */
    CRITICAL(50);

    private final int number;

    LogLevel(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    boolean isAtLeast(LogLevel threshold) {
        return number >= threshold.number;
    }

    public static LogLevel parse(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "DEBUG", "NOTSET" -> DEBUG;
            case "INFO" -> INFO;
            case "WARNING", "WARN" -> WARNING;
            case "ERROR" -> ERROR;
            case "CRITICAL", "FATAL" -> CRITICAL;
            default ->
                throw new IllegalArgumentException(
                        "not a log level: \"" + text + "\"; expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL");
        };
    }

    static LogLevel of(Level level) {
        return switch (level) {
            case TRACE, DEBUG -> DEBUG;
            case INFO -> INFO;
            case WARN -> WARNING;
            case ERROR -> ERROR;
        };
    }

    static LogLevel of(java.util.logging.Level level) {
        int value = level.intValue();
        if (value >= java.util.logging.Level.SEVERE.intValue()) {
            return ERROR;
        }
        if (value >= java.util.logging.Level.WARNING.intValue()) {
            return WARNING;
        }
        return value >= java.util.logging.Level.INFO.intValue() ? INFO : DEBUG;
    }

    java.util.logging.Level forJdk() {
        return switch (this) {
            case DEBUG -> java.util.logging.Level.FINE;
            case INFO -> java.util.logging.Level.INFO;
            case WARNING -> java.util.logging.Level.WARNING;
            case ERROR, CRITICAL -> java.util.logging.Level.SEVERE;
        };
    }
}
