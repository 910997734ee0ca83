package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgha.agent.ha.SyncQuorum.Facts;
import pgha.agent.ha.SyncQuorum.Step;
import pgha.agent.ha.SyncQuorum.Wanted;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SyncState;

/**
 * Plays every order of steps, commits and lost answers in clusters of up to five, beside a dumb twin that only remembers
 * who lacks an acknowledged commit: no such member of {@code /sync} ever finds as many others that lack it, too, as it has
 * to hear before it is elected.
 */
class SyncQuorumTest {
    private static final MemberName PRIMARY = new MemberName("a");
    private static final List<String> OTHERS = List.of("b", "c", "d", "e");

    /** What is or may be written in the store; empty if it is deleted. */
    private record Stored(Optional<SyncPromise> promise) {}

    /**
     * A cluster between two steps.
     *
     * @param late what was sent and not answered, and may come as long as nothing else is written
     * @param lacking the members that lack an acknowledged commit
     * @param copied those that were copied anew, and do not count until the store has left them out
     */
    private record World(
            Stored stored,
            Optional<Stored> late,
            boolean owned,
            SyncNames running,
            boolean ordered,
            SortedSet<MemberName> lacking,
            SortedSet<MemberName> copied) {

        World running(SyncNames names, boolean byUs) {
            return new World(stored, late, owned, names, byUs, lacking, copied);
        }

        World lacking(SortedSet<MemberName> members) {
            return new World(stored, late, owned, running, ordered, members, copied);
        }

        World written(Stored next) {
            return new World(next, Optional.empty(), true, running, ordered, lacking, copied);
        }

        World unanswered(Stored next) {
            return new World(stored, Optional.of(next), false, running, ordered, lacking, copied);
        }

        /** What was sent long ago is accepted, since nothing has been written in between. */
        World landed(Stored sent) {
            return new World(sent, Optional.empty(), false, running, ordered, lacking, copied);
        }

        /** The agent is another process: it does not know what the one before had on the way. */
        World restarted() {
            return new World(stored, late, false, running, false, lacking, copied);
        }

        World copied(SortedSet<MemberName> members) {
            return new World(stored, late, owned, running, ordered, lacking, members);
        }

        void require() {
            SyncPromise promise = stored.promise().orElse(SyncPromise.NONE);
            SortedSet<MemberName> lost = new TreeSet<>(promise.voters());
            lost.retainAll(lacking);
            lost.removeAll(copied);
            assertThat(lost.size() <= promise.quorum())
                    .as("%s may be elected without an acknowledged commit, in %s", lost, this)
                    .isTrue();
        }
    }

    /** All that the next step depends on, but for what is wanted. */
    private record Basis(
            Stored stored,
            boolean owned,
            SyncNames running,
            boolean ordered,
            SortedSet<MemberName> confirmed,
            SortedSet<MemberName> copied) {}

    private final Map<Basis, Set<Step>> known = new HashMap<>();

    /** Of {@code members} others; {@code most} is the greatest synchronous_node_count, and the mode changes all the time. */
    @ParameterizedTest
    @CsvSource({"1,2,true", "2,3,true", "3,3,true", "2,3,false", "3,3,false", "4,1,false"})
    void nobodyIsElectedWithoutAnAcknowledgedCommit(int members, int most, boolean strict) {
        SortedSet<MemberName> others = names(members, (1 << members) - 1);

        assertThat(reached(others, wishes(others, most, strict))).hasSizeGreaterThan(members);
    }

    private static List<Wanted> wishes(SortedSet<MemberName> others, int most, boolean strict) {
        List<Wanted> wishes = new ArrayList<>();
        for (SortedSet<MemberName> picked : subsets(others)) {
            wishes.add(new Wanted(picked, picked.size(), false, strict));
            for (int count = 1; count <= most; count++) {
                wishes.add(new Wanted(picked, count, true, strict));
            }
        }
        return wishes;
    }

    private Set<World> reached(SortedSet<MemberName> others, List<Wanted> wishes) {
        Set<World> seen = new HashSet<>();
        Deque<World> open = new ArrayDeque<>();
        Consumer<World> meet = world -> {
            if (seen.add(world)) {
                world.require();
                open.add(world);
            }
        };
        Stored nothing = new Stored(Optional.empty());
        meet.accept(new World(nothing, Optional.empty(), false, SyncNames.NOBODY, false, others, new TreeSet<>()));
        while (!open.isEmpty()) {
            World world = open.remove();
            acknowledge(world, others).forEach(meet);
            world.lacking().forEach(member -> meet.accept(caughtUp(world, member)));
            world.late().ifPresent(late -> meet.accept(world.landed(late)));
            meet.accept(world.restarted());
            meet.accept(copied(world, others.first()));
            accepted(world).ifPresent(meet);
            steps(world, wishes).forEach(meet);
            switchedOff(world).forEach(meet);
        }
        return seen;
    }

    /** A commit is acknowledged as soon as PostgreSQL's names allow it: everybody else may lack it. */
    private static List<World> acknowledge(World w, SortedSet<MemberName> others) {
        List<World> next = new ArrayList<>();
        for (SortedSet<MemberName> enough : subsets(others)) {
            SortedSet<MemberName> named = new TreeSet<>(enough);
            named.retainAll(w.running().names());
            boolean allowed = w.running().equals(SyncNames.ANYBODY)
                    ? !enough.isEmpty()
                    : named.size() >= w.running().count();
            if (allowed) {
                SortedSet<MemberName> lacking = new TreeSet<>(others);
                lacking.removeAll(enough);
                next.add(w.lacking(lacking));
            }
        }
        return next;
    }

    private static World caughtUp(World w, MemberName member) {
        SortedSet<MemberName> lacking = new TreeSet<>(w.lacking());
        lacking.remove(member);
        return w.lacking(lacking);
    }

    /** From a backup: what it has confirmed before need not be in it. */
    private static World copied(World w, MemberName member) {
        SortedSet<MemberName> lacking = new TreeSet<>(w.lacking());
        lacking.add(member);
        return w.lacking(lacking).copied(new TreeSet<>(Set.of(member)));
    }

    private static Optional<World> accepted(World w) {
        SortedSet<MemberName> named =
                new TreeSet<>(w.stored().promise().orElse(SyncPromise.NONE).voters());
        return w.copied().stream()
                .filter(member -> !named.contains(member) && !w.lacking().contains(member))
                .findFirst()
                .map(member -> w.copied(new TreeSet<>()));
    }

    /** Whatever candidates are wanted, and however much of what they have is known. */
    private List<World> steps(World w, List<Wanted> wishes) {
        List<World> next = new ArrayList<>();
        SortedSet<MemberName> sure = new TreeSet<>(w.running().names());
        sure.removeAll(w.lacking());
        for (SortedSet<MemberName> confirmed : List.of(sure, new TreeSet<MemberName>())) {
            Basis basis = new Basis(w.stored(), w.owned(), w.running(), w.ordered(), confirmed, w.copied());
            known.computeIfAbsent(basis, key -> steps(key, wishes)).forEach(step -> next.addAll(after(w, step)));
        }
        return next;
    }

    private static Set<Step> steps(Basis basis, List<Wanted> wishes) {
        return wishes.stream().map(wanted -> next(basis, wanted)).collect(Collectors.toSet());
    }

    private static Step next(Basis b, Wanted wanted) {
        return SyncQuorum.next(new Facts(
                PRIMARY,
                b.stored().promise().map(p -> new SyncState(PRIMARY, p.quorum(), p.voters(), new Revision(1))),
                b.owned(),
                Optional.of(b.running()),
                b.ordered() ? Optional.of(b.running()) : Optional.empty(),
                wanted,
                b.confirmed(),
                b.copied()));
    }

    private static List<World> after(World w, Step step) {
        return switch (step) {
            case Step.Write write -> {
                Stored next = new Stored(Optional.of(SyncPromise.of(Optional.of(write.next()))));
                yield List.of(w.written(next), w.unanswered(next));
            }
            case Step.Give give -> List.of(w.running(give.names(), true));
            case Step.Nothing nothing -> List.of();
        };
    }

    /** Nobody may rely on the store any more, and then PostgreSQL waits for nobody. */
    private static List<World> switchedOff(World w) {
        if (w.stored().promise().isEmpty()) {
            return List.of(w.running(SyncNames.NOBODY, false));
        }
        Stored deleted = new Stored(Optional.empty());
        return List.of(w.written(deleted), w.unanswered(deleted));
    }

    @Test
    void whenNothingChangesWhatIsWantedIsSoonInForce() {
        SortedSet<MemberName> others = names(4, 15);
        for (Wanted before : wishes(others, 3, false)) {
            for (Wanted wanted : wishes(others, 3, false)) {
                SyncPromise promise = promise(before);
                World world = new World(
                        new Stored(Optional.of(promise)),
                        Optional.empty(),
                        false,
                        promise.names(before.any()),
                        false,
                        new TreeSet<>(),
                        new TreeSet<>());
                World settled = settled(world, wanted);
                assertThat(settled.stored().promise())
                        .as("from %s to %s", before, wanted)
                        .contains(promise(wanted));
                assertThat(settled.running()).isEqualTo(promise(wanted).names(wanted.any()));
            }
        }
    }

    private static SyncPromise promise(Wanted wanted) {
        int lacking = wanted.picked().size()
                - Math.min(wanted.count(), wanted.picked().size());
        return new SyncPromise(lacking, wanted.picked());
    }

    private static World settled(World from, Wanted wanted) {
        World world = from;
        for (int i = 0; i < 6; i++) {
            SyncNames running = world.running();
            Basis basis =
                    new Basis(world.stored(), world.owned(), running, world.ordered(), running.names(), world.copied());
            List<World> next = after(world, next(basis, wanted));
            world = next.isEmpty() ? world : next.getFirst();
        }
        return world;
    }

    private static List<SortedSet<MemberName>> subsets(SortedSet<MemberName> of) {
        List<SortedSet<MemberName>> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << of.size(); bits++) {
            all.add(names(of.size(), bits));
        }
        return all;
    }

    private static SortedSet<MemberName> names(int of, int bits) {
        SortedSet<MemberName> names = new TreeSet<>();
        for (int i = 0; i < of; i++) {
            if ((bits & 1 << i) != 0) {
                names.add(new MemberName(OTHERS.get(i)));
            }
        }
        return names;
    }
}
