package pgha.agent.ha;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.SyncState;

/**
 * The next safe step between {@code /sync} and synchronous_standby_names. Pure.
 *
 * <p>Whoever is in {@code /sync} may be elected, so it must have every acknowledged commit: it is written there only while
 * PostgreSQL waits for it each time, and has what was acknowledged before that. So names come into PostgreSQL first and
 * into the store last, and go the other way round. One step at a time: the next is decided from what is seen then.
 */
final class SyncQuorum {
    private SyncQuorum() {}

    /**
     * What is known.
     *
     * @param stored {@code /sync}
     * @param owned whether this process wrote what is stored there, and nothing it sent before can come late
     * @param running the names that PostgreSQL has; empty if none of us wrote them
     * @param ordered the names that this process gave to PostgreSQL; empty if it has given none
     * @param picked the candidates that should be waited for
     * @param confirmed those that are waited for and have everything that was acknowledged before
     * @param strict whether commits wait even if there is nobody to wait for
     */
    record Facts(
            MemberName self,
            Optional<SyncState> stored,
            boolean owned,
            Optional<SyncNames> running,
            Optional<SyncNames> ordered,
            SortedSet<MemberName> picked,
            SortedSet<MemberName> confirmed,
            boolean strict) {
        SortedSet<MemberName> voters() {
            SortedSet<MemberName> voters = new TreeSet<>();
            stored.ifPresent(sync -> voters.addAll(sync.voters()));
            return voters;
        }
    }

    /** What is to be done next. */
    sealed interface Step {
        /** Write this into the store, over what is there now. */
        record Write(SyncState next) implements Step {}

        record Give(SyncNames names) implements Step {}

        record Nothing() implements Step {}
    }

    static Step next(Facts f) {
        if (f.stored().isEmpty() || !f.stored().get().leader().equals(f.self())) {
            return write(f, new TreeSet<>());
        }
        return removal(f).or(() -> names(f)).or(() -> addition(f)).orElseGet(Step.Nothing::new);
    }

    /** Nobody is left, and commits are to wait. */
    private static boolean waits(Facts f) {
        return f.strict() && f.picked().isEmpty();
    }

    /** Who is not waited for, or not wanted, goes from the store first. */
    private static Optional<Step> removal(Facts f) {
        SortedSet<MemberName> kept =
                common(f.voters(), f.running().map(SyncNames::everyTime).orElseGet(TreeSet::new));
        if (!waits(f)) {
            kept = common(kept, f.picked());
        }
        boolean same = kept.equals(f.voters()) && f.stored().orElseThrow().quorum() == 0;
        return same ? Optional.empty() : Optional.of(write(f, kept));
    }

    private static Optional<Step> names(Facts f) {
        SyncNames wanted = waits(f) && f.voters().isEmpty()
                ? SyncNames.ANYBODY
                : SyncNames.all(waits(f) ? f.voters() : f.picked());
        if (f.running().equals(Optional.of(wanted)) && f.ordered().equals(Optional.of(wanted))) {
            return Optional.empty();
        }
        return Optional.of(drops(f, wanted) && !f.owned() ? write(f, f.voters()) : new Step.Give(wanted));
    }

    /** Who has caught up comes into the store last. */
    private static Optional<Step> addition(Facts f) {
        SortedSet<MemberName> more = common(f.confirmed(), f.picked());
        more.addAll(f.voters());
        return more.equals(f.voters()) ? Optional.empty() : Optional.of(write(f, more));
    }

    /**
     * Somebody would not be waited for any more. If what was sent to the store before could still put him into it, he
     * could be elected: so the state is written once more first, after which nothing older is accepted.
     */
    private static boolean drops(Facts f, SyncNames wanted) {
        return f.running()
                .map(names -> !wanted.everyTime().containsAll(names.everyTime()))
                .orElse(true);
    }

    private static Step write(Facts f, SortedSet<MemberName> voters) {
        return new Step.Write(new SyncState(
                f.self(), 0, voters, f.stored().map(SyncState::revision).orElse(pgha.dcs.model.Revision.ZERO)));
    }

    private static SortedSet<MemberName> common(SortedSet<MemberName> some, SortedSet<MemberName> others) {
        SortedSet<MemberName> both = new TreeSet<>(some);
        both.retainAll(others);
        return both;
    }
}
