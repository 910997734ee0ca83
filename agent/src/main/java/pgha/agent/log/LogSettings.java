package pgha.agent.log;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the {@code log} section says: how much is written, how it looks, where it goes. Immutable. */
public record LogSettings(
        LogLevel level,
        Map<String, LogLevel> loggers,
        LogLayout layout,
        Optional<RotatedFile.Place> file,
        int maxQueueSize) {
    private static final String OURS = "pgha.";

    public LogSettings {
        loggers = new TreeMap<>(loggers);
    }

    /** Patroni's defaults: INFO to stderr. */
    public static LogSettings defaults() {
        return new LogSettings(
                LogLevel.INFO,
                Map.of(),
                LogLayout.plain(LogLayout.DEFAULT_FORMAT, Optional.empty()),
                Optional.empty(),
                1000);
    }

    /** From which level on a logger is heard: as its longest known prefix says, else libraries less than we. */
    LogLevel thresholdOf(String logger) {
        String prefix = logger;
        while (!prefix.isEmpty()) {
            LogLevel given = loggers.get(prefix);
            if (given != null) {
                return given;
            }
            prefix = prefix.substring(0, Math.max(0, prefix.lastIndexOf('.')));
        }
        return logger.startsWith(OURS) || level.isAtLeast(LogLevel.WARNING) ? level : LogLevel.WARNING;
    }

    /** The lowest level at which any library is heard; what lies below need not even be offered to us. */
    LogLevel libraryThreshold() {
        return loggers.values().stream()
                .reduce(LogLevel.WARNING, (lowest, given) -> lowest.isAtLeast(given) ? given : lowest);
    }
}
