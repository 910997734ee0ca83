package pgha.lab.soak;

import java.util.List;
import java.util.Optional;

/**
 * The leader key went from somebody, to another or to nobody.
 *
 * @param published the last position that the store had as written by then
 * @param at when that was seen, in nanoseconds of {@link System#nanoTime}
 */
record Handover(String from, long published, long at) {
    /** The one that made way for who acknowledged first at {@code overtakenAt}; the store's word may come a little late. */
    static Optional<Handover> before(long overtakenAt, String from, List<Handover> all) {
        List<Handover> own =
                all.stream().filter(handover -> handover.from().equals(from)).toList();
        return own.stream()
                .filter(handover -> overtakenAt - handover.at() >= 0)
                .reduce((one, later) -> later)
                .or(() -> own.stream().findFirst());
    }
}
