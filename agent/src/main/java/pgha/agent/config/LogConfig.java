package pgha.agent.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where log lines go and what they look like. Immutable.
 *
 * @param format in Python's notation, such as {@code %(asctime)s %(levelname)s: %(message)s}
 * @param dateFormat in strftime's notation; absent: {@code 2026-01-01 10:00:00,123}
 * @param directory absent: standard error
 * @param fileSizeBytes from which a file is rotated
 * @param fileCount how many rotated files are kept
 */
public record LogConfig(
        Type type,
        Level level,
        String format,
        Optional<String> dateFormat,
        Optional<Path> directory,
        long fileSizeBytes,
        int fileCount) {
    public static final String DEFAULT_FORMAT = "%(asctime)s %(levelname)s: %(message)s";
    public static final LogConfig DEFAULT =
            new LogConfig(Type.PLAIN, Level.INFO, DEFAULT_FORMAT, Optional.empty(), Optional.empty(), 25_000_000, 4);

    /** Lines of text, or an object each. */
    public enum Type {
        PLAIN,
        JSON
    }

    /** From which level on lines are written; Patroni's CRITICAL is our ERROR. */
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR
    }

    static LogConfig read(ConfigReader log) {
        return new LogConfig(
                log.word("type", Type.PLAIN, Type.class),
                log.parsed("level", LogConfig::level).orElse(Level.INFO),
                log.value("format").filter(YamlValue.Sequence.class::isInstance).isPresent()
                        ? DEFAULT_FORMAT
                        : log.text("format").orElse(DEFAULT_FORMAT),
                log.text("dateformat"),
                log.text("dir").map(Path::of),
                log.whole("file_size", 25_000_000, 1, Long.MAX_VALUE / 10),
                (int) log.whole("file_num", 4, 0, 10_000));
    }

    private static Level level(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "DEBUG", "NOTSET" -> Level.DEBUG;
            case "INFO" -> Level.INFO;
            case "WARNING", "WARN" -> Level.WARNING;
            case "ERROR", "CRITICAL", "FATAL" -> Level.ERROR;
            default ->
                throw new IllegalArgumentException(
                        "expected one of [debug, info, warning, error, critical], found \"" + text + "\"");
        };
    }
}
