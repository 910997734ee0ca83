package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.agent.ha.SyncQuorum.Facts;
import pgha.agent.ha.SyncQuorum.Step;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SyncState;

/**
 * Plays every order of steps, commits and lost answers in clusters of up to five, beside a dumb twin that only remembers
 * who lacks an acknowledged commit: such a one is never in {@code /sync}.
 */
class SyncQuorumTest {
    private static final MemberName PRIMARY = new MemberName("a");
    private static final List<String> OTHERS = List.of("b", "c", "d", "e");

    /**
     * A cluster between two steps.
     *
     * @param voters in the store; empty if there is no state yet
     * @param late what was sent and not answered, and may come as long as nothing else is written
     * @param lacking the members that lack an acknowledged commit
     */
    private record World(
            Optional<SortedSet<MemberName>> voters,
            Optional<SortedSet<MemberName>> late,
            boolean owned,
            SyncNames running,
            boolean ordered,
            SortedSet<MemberName> lacking) {

        void require(SortedSet<MemberName> others) {
            SortedSet<MemberName> lost = new TreeSet<>(voters.orElseGet(TreeSet::new));
            lost.retainAll(lacking);
            assertThat(lost)
                    .as("elected without an acknowledged commit, in %s of %s", this, others)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nobodyWhoLacksAnAcknowledgedCommitIsEverInTheStore(boolean strict) {
        for (int members = 1; members <= OTHERS.size(); members++) {
            SortedSet<MemberName> others = names(members, (1 << members) - 1);
            assertThat(reached(others, strict)).hasSizeGreaterThan(members);
        }
    }

    private static Set<World> reached(SortedSet<MemberName> others, boolean strict) {
        Set<World> seen = new HashSet<>();
        Deque<World> open = new ArrayDeque<>();
        Consumer<World> meet = world -> {
            if (seen.add(world)) {
                world.require(others);
                open.add(world);
            }
        };
        meet.accept(new World(Optional.empty(), Optional.empty(), false, SyncNames.NOBODY, false, others));
        while (!open.isEmpty()) {
            World world = open.remove();
            acknowledge(world, others).forEach(meet);
            world.lacking().forEach(member -> meet.accept(caughtUp(world, member)));
            world.late().ifPresent(late -> meet.accept(landed(world, late)));
            meet.accept(restarted(world));
            steps(world, others, strict).forEach(meet);
        }
        return seen;
    }

    /** A commit is acknowledged as soon as PostgreSQL's names allow it: everybody else may lack it. */
    private static List<World> acknowledge(World w, SortedSet<MemberName> others) {
        List<World> next = new ArrayList<>();
        for (SortedSet<MemberName> enough : subsets(others)) {
            boolean allowed = w.running().equals(SyncNames.ANYBODY)
                    ? !enough.isEmpty()
                    : enough.containsAll(w.running().names());
            if (allowed) {
                SortedSet<MemberName> lacking = new TreeSet<>(others);
                lacking.removeAll(enough);
                next.add(new World(w.voters(), w.late(), w.owned(), w.running(), w.ordered(), lacking));
            }
        }
        return next;
    }

    private static World caughtUp(World w, MemberName member) {
        SortedSet<MemberName> lacking = new TreeSet<>(w.lacking());
        lacking.remove(member);
        return new World(w.voters(), w.late(), w.owned(), w.running(), w.ordered(), lacking);
    }

    /** What was sent long ago is accepted, since nothing has been written in between. */
    private static World landed(World w, SortedSet<MemberName> late) {
        return new World(Optional.of(late), Optional.empty(), false, w.running(), w.ordered(), w.lacking());
    }

    /** The agent is another process: it does not know what the one before had on the way. */
    private static World restarted(World w) {
        return new World(w.voters(), w.late(), false, w.running(), false, w.lacking());
    }

    /** Whatever candidates there are, and however much of what they have is known. */
    private static List<World> steps(World w, SortedSet<MemberName> others, boolean strict) {
        List<World> next = new ArrayList<>();
        SortedSet<MemberName> sure = new TreeSet<>(w.running().everyTime());
        sure.removeAll(w.lacking());
        for (SortedSet<MemberName> picked : subsets(others)) {
            for (SortedSet<MemberName> confirmed : List.of(sure, new TreeSet<MemberName>())) {
                Step step = SyncQuorum.next(facts(w, picked, confirmed, strict));
                next.addAll(after(w, step));
            }
        }
        return next;
    }

    private static Facts facts(World w, SortedSet<MemberName> picked, SortedSet<MemberName> confirmed, boolean strict) {
        return new Facts(
                PRIMARY,
                w.voters().map(voters -> new SyncState(PRIMARY, 0, voters, new Revision(1))),
                w.owned(),
                Optional.of(w.running()),
                w.ordered() ? Optional.of(w.running()) : Optional.empty(),
                picked,
                confirmed,
                strict);
    }

    private static List<World> after(World w, Step step) {
        return switch (step) {
            case Step.Write write -> {
                SortedSet<MemberName> voters = write.next().voters();
                World done =
                        new World(Optional.of(voters), Optional.empty(), true, w.running(), w.ordered(), w.lacking());
                World unanswered =
                        new World(w.voters(), Optional.of(voters), false, w.running(), w.ordered(), w.lacking());
                yield List.of(done, unanswered);
            }
            case Step.Give give -> List.of(new World(w.voters(), w.late(), w.owned(), give.names(), true, w.lacking()));
            case Step.Nothing nothing -> List.of();
        };
    }

    @Test
    void whenNothingChangesTheCandidatesAreSoonSynchronous() {
        SortedSet<MemberName> others = names(4, 15);
        for (SortedSet<MemberName> before : subsets(others)) {
            for (SortedSet<MemberName> picked : subsets(others)) {
                World world = new World(
                        Optional.of(before), Optional.empty(), false, SyncNames.all(before), false, new TreeSet<>());
                assertThat(settled(world, picked))
                        .as("from %s to %s", before, picked)
                        .extracting(World::voters, World::running)
                        .containsExactly(Optional.of(picked), SyncNames.all(picked));
            }
        }
    }

    private static World settled(World from, SortedSet<MemberName> picked) {
        World world = from;
        for (int i = 0; i < 6; i++) {
            List<World> next = after(
                    world, SyncQuorum.next(facts(world, picked, world.running().everyTime(), false)));
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
