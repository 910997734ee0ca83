package pgha.agent.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of YAML that knows where it was written. Immutable. */
sealed interface YamlValue {
    /** A line of a file, from 1; or, as line 0, what has none. */
    record Place(String file, int line) {
        @Override
        public String toString() {
            return line == 0 ? file : file + ":" + line;
        }
    }

    /** What YAML 1.1 takes a scalar for. */
    enum Kind {
        TEXT,
        TRUTH,
        WHOLE,
        REAL,
        NOTHING
    }

    Place place();

    /** @param text as written, without quotes; {@code true} or {@code false} for a truth value */
    record Scalar(Place place, Kind kind, String text) implements YamlValue {
        boolean isNothing() {
            return kind == Kind.NOTHING;
        }
    }

    /** A list. */
    record Sequence(Place place, List<YamlValue> items) implements YamlValue {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** A mapping, in the order of the file. */
    record Mapping(Place place, Map<String, YamlValue> entries) implements YamlValue {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /** For messages: {@code a list}. */
    default String kindName() {
        return switch (this) {
            case Sequence sequence -> "a list";
            case Mapping mapping -> "a mapping";
            case Scalar scalar -> scalar.isNothing() ? "nothing" : "\"" + scalar.text() + "\"";
        };
    }
}
