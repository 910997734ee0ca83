package pgha.agent.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One call on a logger, with everything a line may show of it. Immutable: values are text already. */
record LogEntry(
        Instant at,
        LogLevel level,
        String logger,
        String thread,
        String message,
        List<Pair> pairs,
        Optional<Throwable> thrown) {

    /** A fact beside the message. */
    record Pair(String key, String value) {}

    LogEntry {
        pairs = List.copyOf(pairs);
    }

    /** The message and its facts, as a person and a log collector read them. */
    String text() {
        if (pairs.isEmpty()) {
            return message;
        }
        StringBuilder text = new StringBuilder(message);
        pairs.forEach(pair -> text.append(' ').append(pair.key()).append('=').append(quotedIfNeeded(pair.value())));
        return text.toString();
    }

    private static String quotedIfNeeded(String value) {
        if (!value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=')) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
