package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.TaskSpec.BaseBackup;
import pgha.agent.ha.TaskSpec.InitDb;
import pgha.agent.ha.TaskSpec.MoveAside;
import pgha.agent.ha.TaskSpec.PostBootstrap;
import pgha.agent.ha.TaskSpec.StartPrimary;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * The cluster does not exist yet.
 *
 * <p>Claim the {@code initialize} key, run initdb, take the leader key, start as primary under the lease, create the
 * roles, write the identity. The lease comes before the start, so that the new primary is fenced like any other; the
 * address and the identity come last, so that nobody uses or clones half a cluster.
 */
final class Bootstrap {
    private Bootstrap() {}

    /** No data, no leader. */
    static Decision begin(Situation s) {
        // Somebody may have it still, in a directory whose server is down or whose agent cannot be heard.
        boolean lost = s.view().initialize() instanceof InitializeKey.Absent
                && s.state().cluster().existed();
        return lost ? Decision.of(Reason.CLUSTER_LOST) : WhenStandby.begin(s).orElseGet(() -> beginAnew(s));
    }

    private static Decision beginAnew(Situation s) {
        return switch (s.view().initialize()) {
            case InitializeKey.Absent absent -> claim(s);
            case InitializeKey.Claimed claimed -> begin(s, claimed);
            case InitializeKey.Done done -> restore(s);
        };
    }

    /** Not before whoever has data has had the time to lead: a clone of the leader is the better copy. */
    private static Decision restore(Situation s) {
        Moment vacantSince = s.state().cluster().vacantSeenAt().orElse(s.now());
        Moment patientUntil = vacantSince.plus(s.settings().ttl());
        if (!(s.postgres() instanceof PostgresView.Absent absent && absent.restorable())) {
            return Decision.of(Reason.NOTHING_TO_CLONE_FROM);
        }
        if (s.now().isBefore(patientUntil)) {
            return Decision.of(Reason.NOTHING_TO_CLONE_FROM).lookAgainAt(patientUntil, s.now());
        }
        return s.failures()
                .recent(BaseBackup.class, s.now())
                .map(failure -> Decision.of(Reason.YIELD, failure.sentence()).lookAgainAt(failure.retryAt(), s.now()))
                .orElseGet(() -> Decision.of(Reason.RESTORE).start(new BaseBackup(Optional.empty())));
    }

    private static Decision claim(Situation s) {
        return s.self().mayBootstrap()
                ? Decision.of(Reason.CLAIM_CLUSTER).then(new Action.ClaimInitialize())
                : Decision.of(Reason.NOT_A_BEGINNER);
    }

    private static Decision begin(Situation s, InitializeKey.Claimed claimed) {
        if (isOurs(s, claimed)) {
            return Decision.of(Reason.BEGIN_CLUSTER).start(new InitDb());
        }
        // The watch may be quicker than the answer to our own claim.
        return s.isInFlight(ActionKey.CLAIM_INITIALIZE)
                ? Decision.of(Reason.CLAIM_CLUSTER)
                : Decision.of(Reason.BOOTSTRAP_WAIT, "another member");
    }

    /** Not again and again if its first start fails, on a full disk perhaps: each attempt is a write to the store. */
    private static Decision leadNew(Situation s) {
        return s.failures()
                .recent(StartPrimary.class, s.now())
                .map(failure -> Decision.of(Reason.YIELD, failure.sentence()).lookAgainAt(failure.retryAt(), s.now()))
                .orElseGet(() -> Decision.of(Reason.LEAD_NEW_CLUSTER)
                        .then(new Action.AcquireLease(s.view().revision())));
    }

    /** Data that we have just made, or that the store does not know. */
    static Optional<Decision> ofStopped(Situation s, ControlFacts control) {
        return switch (s.view().initialize()) {
            case InitializeKey.Done done -> Optional.empty();
            case InitializeKey.Claimed claimed ->
                Optional.of(
                        isOurs(s, claimed) && s.state().genesis().made()
                                ? leadNew(s)
                                : Decision.of(Reason.BOOTSTRAP_WAIT, "another member"));
            case InitializeKey.Absent absent ->
                control.wasReplica()
                        ? Optional.empty()
                        : Optional.of(Decision.of(Reason.RESTORE_IDENTITY)
                                .then(new Action.CompleteInitialize(control.systemIdentifier(), Optional.empty())));
        };
    }

    /** The new primary runs under our lease. */
    static Decision finish(Situation s) {
        Genesis genesis = s.state().genesis();
        if (genesis.claim().isEmpty()) {
            return Decision.of(Reason.BOOTSTRAP_WAIT, "another member");
        }
        if (!genesis.finished()) {
            return Decision.of(Reason.FINISH_BOOTSTRAP).start(new PostBootstrap());
        }
        List<Action> actions = new ArrayList<>();
        if (s.view().settings().isEmpty()) {
            actions.add(new Action.PublishSettings(s.self().bootstrapSettings(), Revision.ZERO));
        } else {
            s.state()
                    .local()
                    .observation()
                    .systemIdentifier()
                    .ifPresent(id -> actions.add(new Action.CompleteInitialize(id, genesis.claim())));
        }
        return Decision.of(Reason.ANNOUNCE_CLUSTER).then(actions);
    }

    /** Takes down what there is of a cluster, puts it aside, and gives back what we hold, in this order. */
    static Decision undo(Situation s, Leadership leadership, Decision failed) {
        return switch (s.postgres()) {
            case PostgresView.Stopped stopped ->
                leadership instanceof Held held
                        ? failed.then(GiveUp.actions(s, held.term(), Optional.empty()))
                        : failed.start(new MoveAside("a bootstrap that did not succeed"));
            case PostgresView.Absent absent -> leave(s, leadership, failed);
            case PostgresView.Unusable unusable -> leave(s, leadership, failed);
            case PostgresView.Unseen unseen -> failed;
            case PostgresView.Starting p -> failed.start(stop(s));
            case PostgresView.Replica p -> failed.start(stop(s));
            case PostgresView.Primary p -> failed.start(stop(s));
            case PostgresView.Unresponsive p -> failed.start(stop(s));
            case PostgresView.Stopping p -> failed;
        };
    }

    /** The leader key may have come back to us after the data was gone, as when a namesake has left. */
    private static Decision leave(Situation s, Leadership leadership, Decision failed) {
        Decision left = failed.then(withdrawal(s));
        return leadership instanceof Held held ? left.then(GiveUp.actions(s, held.term(), Optional.empty())) : left;
    }

    private static StopPostgres stop(Situation s) {
        return new StopPostgres(StopMode.IMMEDIATE, s.now(), false);
    }

    /** Our claim, if it still stands, taken back. */
    static List<Action> withdrawal(Situation s) {
        return s.view().initialize() instanceof InitializeKey.Claimed claimed && isOurs(s, claimed)
                ? List.of(new Action.WithdrawInitialize(claimed.at()))
                : List.of();
    }

    /** Whether what lies here half made is being made whole by this process, as far as it can know. */
    static boolean goesOn(Situation s) {
        Genesis genesis = s.state().genesis();
        boolean mayBeClaimed = !s.state().cluster().linkUp()
                || (s.view().initialize() instanceof InitializeKey.Claimed claimed && isOurs(s, claimed));
        return genesis.finished() || (genesis.claim().isPresent() && mayBeClaimed);
    }

    private static boolean isOurs(Situation s, InitializeKey.Claimed claimed) {
        return s.state().genesis().claim().filter(claimed.at()::equals).isPresent();
    }
}
