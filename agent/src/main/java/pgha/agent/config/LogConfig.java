package pgha.agent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Scalar;
import pgha.agent.config.YamlValue.Sequence;
import pgha.agent.log.FileMode;
import pgha.agent.log.LogLayout;
import pgha.agent.log.LogLayout.Field;
import pgha.agent.log.LogLevel;
import pgha.agent.log.LogSettings;
import pgha.agent.log.RotatedFile;

/**
 * Where log lines go and what they look like. Immutable.
 *
 * @param loggers by name or prefix, those that have a level of their own
 * @param directory absent: standard error
 * @param fileSizeBytes from which a file is rotated
 * @param fileCount how many rotated files are kept
 * @param fileMode of each of them; absent: as the umask says
 * @param maxQueueSize how many lines may wait to be written
 */
public record LogConfig(
        LogLevel level,
        Map<String, LogLevel> loggers,
        LogLayout layout,
        Optional<Path> directory,
        long fileSizeBytes,
        int fileCount,
        Optional<FileMode> fileMode,
        int maxQueueSize) {
    private static final LogLayout PATRONIS = LogLayout.plain(LogLayout.DEFAULT_FORMAT, Optional.empty());

    /** Lines of text, or an object each. */
    private enum Type {
        PLAIN,
        JSON
    }

    public LogConfig {
        loggers = new TreeMap<>(loggers);
    }

    /** @param fileName {@code pgha-agent.log}, or another if the agent was started under another name */
    public LogSettings settings(String fileName) {
        return new LogSettings(
                level,
                loggers,
                layout,
                directory.map(at -> new RotatedFile.Place(at, fileName, fileSizeBytes, fileCount, fileMode)),
                maxQueueSize);
    }

    static LogConfig read(ConfigReader log) {
        return new LogConfig(
                log.parsed("level", LogLevel::parse).orElse(LogLevel.INFO),
                loggers(log.section("loggers")),
                layout(log),
                log.text("dir").map(Path::of),
                log.whole("file_size", 25_000_000, 1, Long.MAX_VALUE / 10),
                (int) log.whole("file_num", 4, 0, 10_000),
                log.parsed("mode", FileMode::parse),
                (int) log.whole("max_queue_size", 1000, 1, 1_000_000));
    }

    private static Map<String, LogLevel> loggers(ConfigReader section) {
        Map<String, LogLevel> loggers = new TreeMap<>();
        section.keys()
                .forEach(name -> section.parsed(name, LogLevel::parse).ifPresent(level -> loggers.put(name, level)));
        return loggers;
    }

    private static LogLayout layout(ConfigReader log) {
        Type type = log.word("type", Type.PLAIN, Type.class);
        Map<String, String> staticFields = log.parameters("static_fields");
        Optional<String> dateFormat = log.text("dateformat");
        return switch (type) {
            case PLAIN -> {
                String format = log.text("format").orElse(LogLayout.DEFAULT_FORMAT);
                yield understood(log, () -> LogLayout.plain(format, dateFormat));
            }
            case JSON -> understood(log, () -> LogLayout.json(fields(log), staticFields, dateFormat));
        };
    }

    /** The layout, or a problem noted and Patroni's layout, so that reading goes on. */
    private static LogLayout understood(ConfigReader log, Supplier<LogLayout> layout) {
        try {
            return layout.get();
        } catch (IllegalArgumentException e) {
            log.error("format", String.valueOf(e.getMessage()));
            return PATRONIS;
        }
    }

    /** From a list of attributes, each alone or with the name it gets, or from the attributes of a plain format. */
    private static List<Field> fields(ConfigReader log) {
        if (!(log.value("format").orElse(null) instanceof Sequence sequence)) {
            return LogLayout.fieldsIn(log.text("format").orElse(LogLayout.DEFAULT_FORMAT));
        }
        List<Field> fields = new ArrayList<>();
        for (YamlValue item : sequence.items()) {
            switch (item) {
                case Scalar attribute -> fields.add(new Field(attribute.text(), attribute.text()));
                case Mapping renamed ->
                    renamed.entries().forEach((attribute, name) -> fields.add(field(attribute, name)));
                case Sequence nested -> throw new IllegalArgumentException("expected attributes, found a list in it");
            }
        }
        return fields;
    }

    private static Field field(String attribute, YamlValue name) {
        if (name instanceof Scalar scalar) {
            return new Field(attribute, scalar.text());
        }
        throw new IllegalArgumentException("expected a name for \"" + attribute + "\", found " + name.kindName());
    }
}
