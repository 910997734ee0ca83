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
        SortedSet<MemberName> voters = f.voters();
        SortedSet<MemberName> kept =
                common(voters, f.running().map(SyncNames::everyTime).orElseGet(TreeSet::new));
        boolean waits = f.strict() && f.picked().isEmpty();
        if (!waits) {
            kept = common(kept, f.picked());
        }
        if (!kept.equals(voters) || f.stored().get().quorum() != 0) {
            return write(f, kept);
        }
        SyncNames wanted = waits && voters.isEmpty() ? SyncNames.ANYBODY : SyncNames.all(waits ? voters : f.picked());
        if (!f.running().equals(Optional.of(wanted)) || !f.ordered().equals(Optional.of(wanted))) {
            return drops(f, wanted) && !f.owned() ? write(f, voters) : new Step.Give(wanted);
        }
        SortedSet<MemberName> more = common(f.confirmed(), f.picked());
        more.addAll(voters);
        return more.equals(voters) ? new Step.Nothing() : write(f, more);
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
