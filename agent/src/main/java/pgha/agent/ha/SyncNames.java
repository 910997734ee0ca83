package pgha.agent.ha;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pgha.dcs.model.MemberName;

/**
 * A value of synchronous_standby_names: whom PostgreSQL waits for before it acknowledges a commit.
 *
 * <p>Immutable. Written as Patroni writes it, so that a member of either kind finds what it expects.
 *
 * @param any whether any {@code count} of the names will do, instead of the first ones that are connected
 */
public record SyncNames(boolean any, int count, SortedSet<MemberName> names) {
    /** Nobody: a commit is acknowledged when it is on this host's disk. */
    public static final SyncNames NOBODY = new SyncNames(false, 0, Collections.emptySortedSet());

    /** Whoever there is: a commit waits for some replica, and nobody is named. */
    public static final SyncNames ANYBODY = new SyncNames(true, 1, Collections.emptySortedSet());

    private static final String PLAIN = "[a-z_][a-z0-9_$]*";
    private static final String UNQUOTED = "[A-Za-z_][A-Za-z0-9_$]*";
    private static final String COUNTED = "(?i)((any|first)\\s+)?\\d{1,4}\\s*\\(.*\\)";

    public SyncNames {
        names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    /** All of them, each time. */
    static SyncNames all(SortedSet<MemberName> names) {
        return names.isEmpty() ? NOBODY : new SyncNames(false, names.size(), names);
    }

    /** Any {@code count} of them. */
    static SyncNames any(int count, SortedSet<MemberName> names) {
        return names.isEmpty() ? NOBODY : new SyncNames(true, count, names);
    }

    /** What PostgreSQL says; empty for what none of us has written. */
    public static Optional<SyncNames> parse(String text) {
        String value = text.strip();
        if (value.isEmpty()) {
            return Optional.of(NOBODY);
        }
        if (value.equals("*")) {
            return Optional.of(ANYBODY);
        }
        if (!value.matches(COUNTED)) {
            return list(value).map(names -> new SyncNames(false, 1, names));
        }
        int open = value.indexOf('(');
        String[] head = value.substring(0, open).strip().split("\\s+", -1);
        boolean any = head[0].equalsIgnoreCase("any");
        int count = Integer.parseInt(head[head.length - 1]);
        return list(value.substring(open + 1, value.length() - 1)).map(names -> new SyncNames(any, count, names));
    }

    private static Optional<SortedSet<MemberName>> list(String text) {
        SortedSet<MemberName> names = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String name = unquoted(part.strip());
            if (name.isBlank() || name.contains("/")) {
                return Optional.empty();
            }
            names.add(new MemberName(name));
        }
        return Optional.of(names);
    }

    /** Empty if it is not one name. */
    private static String unquoted(String text) {
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            return text.substring(1, text.length() - 1).replace("\"\"", "\"");
        }
        return text.matches(UNQUOTED) ? text : "";
    }

    /** How many of {@code voters} may lack a commit that was acknowledged with these names. */
    int mayLack(Collection<MemberName> voters) {
        SortedSet<MemberName> named = new TreeSet<>(voters);
        named.retainAll(names);
        return voters.size() - named.size() + Math.min(named.size(), Math.max(0, names.size() - count));
    }

    /** Whether whatever is acknowledged with these names would have been with {@code others}, too. */
    boolean waitsForAllOf(SyncNames others) {
        SortedSet<MemberName> strangers = new TreeSet<>(names);
        strangers.removeAll(others.names());
        boolean waits = !names.isEmpty() && count - strangers.size() >= others.count();
        return waits || others.names().isEmpty();
    }

    /** As PostgreSQL reads it: empty, {@code *}, {@code b}, {@code 2 (b,c)}, {@code ANY 1 (b,c)}. */
    @Override
    public String toString() {
        if (names.isEmpty()) {
            return count == 0 ? "" : "*";
        }
        String list = names.stream().map(SyncNames::quoted).collect(Collectors.joining(","));
        if (any) {
            return "ANY %d (%s)".formatted(count, list);
        }
        return names.size() == 1 && count == 1 ? list : "%d (%s)".formatted(count, list);
    }

    private static String quoted(MemberName name) {
        String text = name.value();
        boolean word = text.equals("any") || text.equals("first");
        boolean plain = text.matches(PLAIN) && !word;
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** For people. */
    String inWords() {
        return names.isEmpty() && count == 0 ? "nobody" : toString().toLowerCase(Locale.ROOT);
    }
}
