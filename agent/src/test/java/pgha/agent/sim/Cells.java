package pgha.agent.sim;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import pgha.agent.ha.Decision;
import pgha.agent.ha.Leadership;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.PostgresView;
import pgha.agent.ha.Reason;
import pgha.dcs.model.Moment;

/**
 * Where nodes have been: in which situations, by leadership, PostgreSQL and what outranks leadership, and for which
 * reasons they have decided. What nobody has ever been in, nobody has tested.
 *
 * <p>Not thread-safe. All that can be is to be reached by stories, which {@link CellsTest} demands; see {@link #canBe} for
 * the rest.
 */
final class Cells {
    private static final List<String> LEADERSHIPS =
            List.of("held", "other-leads", "vacant", "blind", "our-name-in-doubt");
    private static final List<String> POSTGRES = List.of(
            "not-seen-yet",
            "absent",
            "unusable",
            "stopped",
            "starting",
            "replica",
            "primary",
            "stopping",
            "not-answering");
    private static final List<String> MODES = List.of("running", "busy", "paused", "leaving", "detaching");

    private final BitSet situations = new BitSet();
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** @param state with what the decision has begun */
    void add(NodeState state, Decision decision, Moment now) {
        reasons.add(decision.reason());
        int leadership = LEADERSHIPS.indexOf(leadership(Leadership.of(state, now)));
        PostgresView before =
                decision.task().isPresent() ? PostgresView.of(state.local(), Optional.empty()) : state.postgres();
        int postgres = POSTGRES.indexOf(before.word().replace(' ', '-'));
        situations.set((leadership * POSTGRES.size() + postgres) * MODES.size() + mode(state, decision));
    }

    void addAll(Cells others) {
        situations.or(others.situations);
        reasons.addAll(others.reasons);
    }

    private static String leadership(Leadership leadership) {
        return switch (leadership) {
            case Leadership.Held held -> "held";
            case Leadership.HeldByOther other -> "other-leads";
            case Leadership.Vacant vacant -> "vacant";
            case Leadership.Unknown unknown -> unknown.rebind().isPresent() ? "our-name-in-doubt" : "blind";
        };
    }

    private static int mode(NodeState state, Decision decision) {
        String mode = "running";
        if (state.work().task().isPresent() && decision.task().isEmpty()) {
            mode = "busy";
        } else if (state.stopRequestedAt().isPresent()) {
            mode = "leaving";
        } else if (state.detachRequestedAt().isPresent()) {
            mode = "detaching";
        } else if (state.cluster().settings().paused()) {
            mode = "paused";
        }
        return MODES.indexOf(mode);
    }

    /** A server is seen as stopping for as long as a task of ours stops it, and who has a task is busy: the type says so. */
    private static boolean canBe(String postgres, String mode) {
        return !postgres.equals("stopping") || mode.equals("busy");
    }

    /** Situations and reasons that do not occur here. */
    SortedSet<String> missing() {
        SortedSet<String> missing = new TreeSet<>();
        int index = 0;
        for (String leadership : LEADERSHIPS) {
            for (String postgres : POSTGRES) {
                for (String mode : MODES) {
                    if (!situations.get(index++) && canBe(postgres, mode)) {
                        missing.add("%s %s %s".formatted(leadership, postgres, mode));
                    }
                }
            }
        }
        Stream.of(Reason.values())
                .filter(reason -> !reasons.contains(reason))
                .forEach(reason -> missing.add(reason.name()));
        return missing;
    }
}
