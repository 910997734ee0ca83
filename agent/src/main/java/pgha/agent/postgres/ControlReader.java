package pgha.agent.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgha.agent.task.CancelToken;

/** Runs pg_controldata. Thread-safe; takes a few milliseconds. */
final class ControlReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ExternalCommand commands;

    ControlReader(ExternalCommand commands) {
        this.commands = commands;
    }

    /** What was read, or why it could not be. */
    record Reading(Optional<ControlData> data, String complaint) {}

    Reading read(Programs programs, Path dataDir) throws InterruptedException {
        ExternalCommand.Ended ended = commands.run(
                programs.tool("pg_controldata", List.of(dataDir.toString()), commands.newOutput("pg_controldata")),
                TIMEOUT,
                new CancelToken());
        Optional<ControlData> data = ended.isSuccess() ? ControlData.parse(ended.output()) : Optional.empty();
        return new Reading(data, data.isPresent() ? "" : ended.brief("pg_controldata"));
    }
}
