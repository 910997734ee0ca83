package pgha.vip.linux;

/** The kernel's number of a network interface, in the network namespace that was asked. Immutable. */
public record LinkIndex(int value) implements Comparable<LinkIndex> {
    @Override
    public int compareTo(LinkIndex other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
