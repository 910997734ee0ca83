package pgha.dcs.model;

/** The identity of a PostgreSQL cluster, given by initdb and shared by all its copies. Immutable. */
public record SystemIdentifier(String value) {
    /** @throws IllegalArgumentException unless {@code value} is a decimal number of at least ten digits */
    public SystemIdentifier {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "not a system identifier: \"" + value + "\"; expected a decimal number of at least ten digits");
        }
    }

    public static boolean isValid(String text) {
        return text.length() >= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return value;
    }
}
