package pgha.dcs;

import java.util.function.Function;

/**
 * What the store answered: yes, no, or nothing.
 *
 * <p>Immutable. {@link NoAnswer} is neither success nor failure: the request may have happened (law C5). No caller may
 * fold it into either of the others.
 */
public sealed interface DcsReply<T> {
    /** It happened. */
    record Done<T>(T value) implements DcsReply<T> {}

    /** It certainly did not happen, and {@code reason} says what stood against it. */
    record Refused<T>(String reason) implements DcsReply<T> {}

    /** Nobody said. It may have happened, and may even happen later. */
    record NoAnswer<T>(String cause) implements DcsReply<T> {}

    default <R> DcsReply<R> map(Function<? super T, ? extends R> f) {
        return switch (this) {
            case Done<T> done -> new Done<>(f.apply(done.value()));
            case Refused<T> refused -> new Refused<>(refused.reason());
            case NoAnswer<T> none -> new NoAnswer<>(none.cause());
        };
    }
}
