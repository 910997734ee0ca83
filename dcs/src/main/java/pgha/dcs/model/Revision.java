package pgha.dcs.model;

/** A version of the whole store. Immutable; greater is later. */
public record Revision(long number) implements Comparable<Revision> {
    public static final Revision ZERO = new Revision(0);

    public boolean isAfter(Revision other) {
        return number > other.number;
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
