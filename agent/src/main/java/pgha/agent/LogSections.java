package pgha.agent;

import java.util.Map;
import pgha.agent.config.LogConfig;
import pgha.agent.log.LogLayout;
import pgha.agent.log.LogLevel;
import pgha.agent.log.LogSettings;
import pgha.agent.log.RotatedFile;

/** From the {@code log} section to what the sink works with. Pure. */
final class LogSections {
    private static final int QUEUE = 1000;

    private LogSections() {}

    static LogSettings settings(LogConfig log) {
        LogLayout layout =
                switch (log.type()) {
                    case PLAIN -> LogLayout.plain(log.format(), log.dateFormat());
                    case JSON -> LogLayout.json(LogLayout.fieldsIn(log.format()), Map.of(), log.dateFormat());
                };
        return new LogSettings(
                LogLevel.parse(log.level().name()),
                Map.of(),
                layout,
                log.directory()
                        .map(dir -> new RotatedFile.Place(dir, fileName(), log.fileSizeBytes(), log.fileCount())),
                QUEUE);
    }

    /** Started under Patroni's name, the log has Patroni's name too: collectors look for it. */
    private static String fileName() {
        return "patroni".equals(System.getenv("PGHA_STARTED_AS")) ? "patroni.log" : "pgha-agent.log";
    }
}
