package pgha.agent.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a format may ask of an entry, under the names of Python's LogRecord.
 *
 * <p>Where in the code an entry was written is not recorded: it would cost a stack trace each. The logger's class
 * stands for file and module, the line is 0.
 */
enum LogAttribute {
    ASCTIME("asctime"),
    CREATED("created"),
    FILENAME("filename"),
    FUNC_NAME("funcName"),
    LEVELNAME("levelname"),
    LEVELNO("levelno"),
    LINENO("lineno"),
    MESSAGE("message"),
    MODULE("module"),
    MSECS("msecs"),
    NAME("name"),
    PATHNAME("pathname"),
    PROCESS("process"),
    PROCESS_NAME("processName"),
    RELATIVE_CREATED("relativeCreated"),
    THREAD("thread"),
    THREAD_NAME("threadName");

    private final String name;

    LogAttribute(String name) {
        this.name = name;
    }

    String attributeName() {
        return name;
    }

    /** Text, a {@code Long} or a {@code Double}. */
    Object of(LogEntry entry, AscTime time) {
        return switch (this) {
            case ASCTIME -> time.print(entry.at());
            case CREATED -> entry.at().toEpochMilli() / 1000.0;
            case FILENAME -> simpleName(entry) + ".java";
            case FUNC_NAME -> "-";
            case LEVELNAME -> entry.level().name();
            case LEVELNO -> (long) entry.level().number();
            case LINENO -> 0L;
            case MESSAGE -> entry.text();
            case MODULE -> simpleName(entry);
            case MSECS -> Math.floorMod(entry.at().toEpochMilli(), 1000L);
            case NAME -> entry.logger();
            case PATHNAME -> entry.logger().replace('.', '/') + ".java";
            case PROCESS -> ProcessHandle.current().pid();
            case PROCESS_NAME -> "MainProcess";
            case RELATIVE_CREATED -> millisSinceStart(entry);
            case THREAD -> (long) entry.thread().hashCode();
            case THREAD_NAME -> entry.thread();
        };
    }

    static LogAttribute parse(String name) {
        return Arrays.stream(values())
                .filter(attribute -> attribute.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not an attribute of a log line: \"" + name
                        + "\"; expected one of "
                        + Arrays.stream(values())
                                .map(LogAttribute::attributeName)
                                .collect(Collectors.joining(", "))));
    }

    private static String simpleName(LogEntry entry) {
        return entry.logger().substring(entry.logger().lastIndexOf('.') + 1);
    }

    private static double millisSinceStart(LogEntry entry) {
        Instant start = ProcessHandle.current().info().startInstant().orElse(entry.at());
        return Duration.between(start, entry.at()).toMillis();
    }
}
