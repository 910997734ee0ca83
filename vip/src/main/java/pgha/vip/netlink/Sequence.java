package pgha.vip.netlink;

/** The number by which an answer is matched with its request. Immutable. */
public record Sequence(int value) {
    /** Not asked for: what the kernel puts on notifications. */
    static final Sequence NONE = new Sequence(0);

    /** The following one, never {@link #NONE}. */
    Sequence next() {
        return value == -1 ? new Sequence(1) : new Sequence(value + 1);
    }
}
