package pgha.dcs.model;

/**
 * The unique name of a member in its cluster.
 *
 * <p>Immutable. It is a path element in the store, the {@code application_name} of the member's walreceiver and, as
 * {@link #slotName()}, the name of its replication slot.
 */
public record MemberName(String value) implements Comparable<MemberName> {
    private static final int MAX_SLOT_NAME = 63;

    /** @throws IllegalArgumentException if the name is empty or holds a slash */
    public MemberName {
        if (value.isBlank() || value.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "not a member name: \"" + value + "\"; expected some text without a slash");
        }
    }

    /** The replication slot of this member: lower case, with everything that PostgreSQL does not allow replaced. */
    public String slotName() {
        StringBuilder slot = new StringBuilder();
        for (char c : value.toLowerCase(java.util.Locale.ROOT).toCharArray()) {
            if (c == '-' || c == '.') {
                slot.append('_');
            } else if (isAllowedInSlotNames(c)) {
                slot.append(c);
            } else {
                slot.append("u%04d".formatted((int) c));
            }
        }
        return slot.length() > MAX_SLOT_NAME ? slot.substring(0, MAX_SLOT_NAME) : slot.toString();
    }

    private static boolean isAllowedInSlotNames(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }

    @Override
    public int compareTo(MemberName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
