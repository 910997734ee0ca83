package pgha.agent.ha;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SyncState;

/**
 * The next safe step between {@code /sync} and synchronous_standby_names. Pure.
 *
 * <p>Whoever {@code /sync} lets be elected must have every acknowledged commit. So whatever it promises is kept by the names
 * that PostgreSQL has at any moment, and by what was acknowledged before: it promises less before PostgreSQL waits for
 * less, and more only after PostgreSQL has waited for more. One step at a time: the next is decided from what is seen then.
 */
final class SyncQuorum {
    private SyncQuorum() {}

    /**
     * What is wanted.
     *
     * @param picked the candidates that should be waited for
     * @param count how many of them must have each commit
     * @param any whether it may be any of them, so that candidates must hear each other ({@code synchronous_mode: quorum})
     * @param patient whether commits wait even if there is nobody to wait for
     */
    record Wanted(SortedSet<MemberName> picked, int count, boolean any, boolean patient) {
        /** Nobody is left, and commits are to wait. */
        private boolean waits() {
            return patient && picked.isEmpty();
        }

        private SyncNames names() {
            return any ? SyncNames.any(Math.min(count, picked.size()), picked) : SyncNames.all(picked);
        }
    }

    /**
     * What is known.
     *
     * @param stored {@code /sync}
     * @param owned whether this process wrote what is stored there, and nothing it sent before can come late
     * @param running the names that PostgreSQL has; empty if none of us wrote them
     * @param ordered the names that this process gave to PostgreSQL; empty if it has given none
     * @param confirmed those that are waited for and have everything that was acknowledged before
     * @param fresh those that say that they may have lost what they had confirmed
     */
    record Facts(
            MemberName self,
            Optional<SyncState> stored,
            boolean owned,
            Optional<SyncNames> running,
            Optional<SyncNames> ordered,
            Wanted wanted,
            SortedSet<MemberName> confirmed,
            SortedSet<MemberName> fresh) {
        private SyncPromise promise() {
            return SyncPromise.of(stored);
        }

        private SyncNames target() {
            if (!wanted.waits()) {
                return wanted.names();
            }
            SyncPromise left =
                    new SyncPromise(promise().quorum(), without(promise().voters(), fresh));
            return left.isElectable() ? left.names(wanted.any()) : SyncNames.ANYBODY;
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
            return write(f, SyncPromise.NONE);
        }
        return weaker(f).or(() -> names(f)).or(() -> stronger(f)).orElseGet(Step.Nothing::new);
    }

    /** What PostgreSQL does not keep, or would not with the next names, is not promised any more. */
    private static Optional<Step> weaker(Facts f) {
        boolean kept = f.running().filter(f.promise()::isKeptBy).isPresent()
                || f.promise().voters().isEmpty();
        if (kept && f.promise().isKeptBy(f.target())) {
            return Optional.empty();
        }
        SyncPromise best = choices(f).stream()
                .map(voters -> new SyncPromise(lackingWhatever(f, voters), voters))
                .filter(promise -> promise.isElectable() && promise.quorum() <= mostHeard(f))
                .min(SyncPromise.BETTER)
                .orElse(SyncPromise.NONE);
        return Optional.of(write(f, best));
    }

    /** A member of another kind that is told to wait for all asks nobody: then it must not be necessary. */
    private static int mostHeard(Facts f) {
        return f.wanted().any() ? Integer.MAX_VALUE : f.promise().quorum();
    }

    /** By what was acknowledged before, with the names of now, or with the next. */
    private static int lackingWhatever(Facts f, SortedSet<MemberName> voters) {
        int before = f.promise().mayLack(voters, List.of());
        int now = f.running().map(names -> names.mayLack(voters)).orElse(voters.size());
        return Math.max(before, Math.max(now, f.target().mayLack(voters)));
    }

    /** The voters without some of those who are not waited for, and with some who will be. */
    private static List<SortedSet<MemberName>> choices(Facts f) {
        List<MemberName> leaving =
                new ArrayList<>(without(f.promise().voters(), f.target().names()));
        f.running()
                .map(names -> without(f.promise().voters(), names.names()))
                .ifPresent(names -> leaving.addAll(without(names, leaving)));
        List<MemberName> coming =
                new ArrayList<>(without(f.target().names(), f.promise().voters()));
        List<SortedSet<MemberName>> all = new ArrayList<>();
        for (int less = 0; less <= leaving.size(); less++) {
            for (int more = 0; more <= coming.size(); more++) {
                SortedSet<MemberName> voters = without(f.promise().voters(), leaving.subList(0, less));
                voters.addAll(coming.subList(0, more));
                all.add(voters);
            }
        }
        return all;
    }

    /**
     * If what was sent to the store before could still come, and PostgreSQL is to wait for less than it does, the state is
     * written once more first: after that nothing older is accepted.
     */
    private static Optional<Step> names(Facts f) {
        SyncNames wanted = f.target();
        if (f.running().equals(Optional.of(wanted)) && f.ordered().equals(Optional.of(wanted))) {
            return Optional.empty();
        }
        boolean safe = f.owned() || f.running().filter(wanted::waitsForAllOf).isPresent();
        return Optional.of(safe ? new Step.Give(wanted) : write(f, f.promise()));
    }

    /** Who has caught up comes into the store last. */
    private static Optional<Step> stronger(Facts f) {
        SortedSet<MemberName> all = f.wanted().picked();
        SortedSet<MemberName> known = new TreeSet<>(f.promise().voters());
        known.addAll(f.confirmed());
        known.retainAll(all);
        return Stream.of(all, known, without(all, without(all, f.confirmed())))
                .map(voters -> new SyncPromise(lackingOf(f, voters), voters))
                .filter(promise -> promise.isElectable() && (f.wanted().any() || promise.quorum() == 0))
                .min(SyncPromise.BETTER)
                .filter(promise -> SyncPromise.BETTER.compare(promise, f.promise()) < 0)
                .map(promise -> write(f, promise));
    }

    /** By what was acknowledged before, or with the names of now. */
    private static int lackingOf(Facts f, SortedSet<MemberName> voters) {
        return Math.max(f.promise().mayLack(voters, f.confirmed()), f.target().mayLack(voters));
    }

    private static Step write(Facts f, SyncPromise promise) {
        Revision over = f.stored().map(SyncState::revision).orElse(Revision.ZERO);
        return new Step.Write(new SyncState(f.self(), promise.quorum(), promise.voters(), over));
    }

    private static SortedSet<MemberName> without(Collection<MemberName> some, Collection<MemberName> others) {
        SortedSet<MemberName> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }
}
