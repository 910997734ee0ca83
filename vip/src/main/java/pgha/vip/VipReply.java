package pgha.vip;

/** What became of a request about an address. Immutable. */
public sealed interface VipReply<T> {
    /** It is as asked, confirmed by the kernel. */
    record Done<T>(T value) implements VipReply<T> {}

    /** Not allowed any more: the address is not bound, because it never was or because the binding has been undone. */
    record Withdrawn<T>() implements VipReply<T> {}

    /**
     * The kernel refused, or something is missing.
     *
     * @param why one sentence for people; what is bound now only {@link VipBinder#observe} knows
     */
    record Failed<T>(String why) implements VipReply<T> {}
}
