package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.SystemIdentifier;

/** What outranks leadership: foreign data, leaving, detaching, orders, pause, a task under way, a term that has ended. */
final class Overrides {
    private Overrides() {}

    static Optional<Decision> decide(Situation s, Leadership leadership) {
        return foreignData(s)
                .or(() -> leaving(s, leadership))
                .or(() -> detaching(s))
                .or(() -> WhenOrdered.decide(s, leadership))
                .or(() -> paused(s, leadership))
                .or(() -> busy(s, leadership))
                .or(() -> unguarded(s, leadership))
                .or(() -> mayBePromoting(s, leadership))
                .or(() -> termEnded(s, leadership))
                .or(() -> notSeenYet(s))
                .or(() -> bootstrapFailed(s, leadership))
                .or(() -> bootstrapCutShort(s, leadership))
                .or(() -> namesake(s, leadership));
    }

    /** Never run, or join a cluster, on data of another one. PostgreSQL, if it runs, is left alone. */
    private static Optional<Decision> foreignData(Situation s) {
        if (!(s.view().initialize() instanceof InitializeKey.Done cluster)
                || !(s.state().local().observation().directory() instanceof Directory.Cluster here)
                || s.task().isPresent()
                || here.halfMade()
                || s.settings().paused()) {
            return Optional.empty();
        }
        SystemIdentifier ours = here.control().systemIdentifier();
        return ours.equals(cluster.id())
                ? Optional.empty()
                : Optional.of(Decision.of(Reason.FOREIGN_DATA, ours, cluster.id())
                        .then(new Action.Exit(
                                ExitCode.FOREIGN_DATA, Reason.FOREIGN_DATA.sentence(ours, cluster.id()))));
    }

    private static Optional<Decision> leaving(Situation s, Leadership leadership) {
        return s.state().stopRequestedAt().map(since -> WhenLeaving.decide(s, leadership, since));
    }

    private static Optional<Decision> detaching(Situation s) {
        return s.state().detachRequestedAt().flatMap(since -> WhenDetaching.decide(s, since));
    }

    /** What was begun before is brought to its end. */
    private static Optional<Decision> paused(Situation s, Leadership leadership) {
        return s.settings().paused() && s.task().isEmpty()
                ? Optional.of(WhenPaused.decide(s, leadership))
                : Optional.empty();
    }

    /**
     * A primary that was started or promoted by hand, or kept through a pause: armed first, and then all the rest; also
     * under a lease that the store has not confirmed since. See pause/shorter-lease-in-pause.txt.
     */
    private static Optional<Decision> unguarded(Situation s, Leadership leadership) {
        boolean bare = s.postgres().mayWrite()
                && !s.tenure().armed()
                && !s.tenure().lost()
                && !(leadership instanceof HeldByOther);
        return s.tenure().term().filter(term -> bare && term.serves(s.now())).map(term -> Decision.of(Reason.ARM)
                .then(new Action.ArmWriter(term.lease())));
    }

    private static Optional<Decision> busy(Situation s, Leadership leadership) {
        return s.task().map(task -> WhenBusy.decide(s, leadership, task));
    }

    /**
     * A replica under an armed guard was told to promote, for all we know, by us or by an earlier agent, and nothing takes
     * that back. With the key it may go on.
     */
    private static Optional<Decision> mayBePromoting(Situation s, Leadership leadership) {
        boolean guarded =
                s.postgres() instanceof PostgresView.Replica && s.tenure().armed();
        boolean inherited = s.foundReplicaWithoutTerm();
        boolean ours =
                switch (leadership) {
                    case Held held -> true;
                    case HeldByOther other -> false;
                    case Leadership.Vacant vacant -> false;
                    case Leadership.Unknown unknown ->
                        !inherited || unknown.rebind().isPresent();
                };
        return guarded && !ours
                ? Optional.of(Decision.of(Reason.MAY_BE_PROMOTING)
                        .start(new StopPostgres(StopMode.IMMEDIATE, s.now(), false)))
                : Optional.empty();
    }

    /** A primary whose term is over stops, whatever else is true: ring 0. */
    private static Optional<Decision> termEnded(Situation s, Leadership leadership) {
        boolean ended = !s.now().isBefore(s.tenure().servesUntil());
        boolean writes = s.postgres().mayWrite() || s.mayHavePromoted();
        if (!writes || !ended || leadership instanceof HeldByOther) {
            return Optional.empty();
        }
        Decision demote = s.state()
                .failsafe()
                .refusal()
                .map(why -> Decision.of(Reason.DEMOTE_FAILSAFE, why))
                .orElseGet(() -> Decision.of(Reason.DEMOTE, s.until(s.tenure().fencedAt())));
        return Optional.of(
                demote.start(new StopPostgres(StopMode.FAST, s.tenure().fencedAt(), false)));
    }

    private static Optional<Decision> notSeenYet(Situation s) {
        if (s.postgres() instanceof PostgresView.Unusable unusable) {
            Decision decision = Decision.of(Reason.UNUSABLE_DIRECTORY, unusable.why());
            boolean atStart = s.state().work().begun() == 0 && s.tenure().term().isEmpty();
            return atStart
                    ? Optional.of(decision.then(new Action.Exit(ExitCode.CONFIGURATION, decision.sentence())))
                    : s.tenure().term().isEmpty() ? Optional.of(decision) : Optional.empty();
        }
        if (!(s.postgres() instanceof PostgresView.Unseen)) {
            return Optional.empty();
        }
        boolean died = s.state().local().crashedAt().isPresent()
                && s.state().local().observation().directory() instanceof Directory.Unread;
        return Optional.of(Decision.of(died ? Reason.POSTMASTER_GONE : Reason.LOOKING));
    }

    /** Half a cluster is no cluster: take it down, put it aside, let others try; and join the one they made. */
    private static Optional<Decision> bootstrapFailed(Situation s, Leadership leadership) {
        boolean othersDid =
                s.view().initialize() instanceof InitializeKey.Done && s.postgres() instanceof PostgresView.Absent;
        return s.state()
                .genesis()
                .failure()
                .filter(why -> !othersDid)
                .map(why -> Bootstrap.undo(s, leadership, Decision.of(Reason.BOOTSTRAP_FAILED, why)));
    }

    /** Whoever began it is not us, or has lost the right to: nobody knows which roles and what of its script are there. */
    private static Optional<Decision> bootstrapCutShort(Situation s, Leadership leadership) {
        return s.state().local().observation().isHalfMade() && !Bootstrap.goesOn(s)
                ? Optional.of(Bootstrap.undo(s, leadership, Decision.of(Reason.BOOTSTRAP_CUT_SHORT)))
                : Optional.empty();
    }

    private static Optional<Decision> namesake(Situation s, Leadership leadership) {
        return leadership instanceof Held
                ? Optional.empty()
                : s.state()
                        .namesake()
                        .filter(url -> !s.postgres().mayWrite())
                        .map(url -> Decision.of(Reason.NAMESAKE, url));
    }
}
