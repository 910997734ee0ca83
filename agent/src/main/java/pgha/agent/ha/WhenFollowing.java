package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.BaseBackup;
import pgha.agent.ha.TaskSpec.Follow;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;

/** Somebody else holds the lease. */
final class WhenFollowing {
    private static final Duration STRAYING_FOR = Duration.ofSeconds(3);
    private static final Duration STARTS_ALONE_FOR = Duration.ofSeconds(10);

    private WhenFollowing() {}

    static Decision decide(Situation s, MemberName leader) {
        return switch (s.postgres()) {
            case PostgresView.Primary primary -> demote(s, leader);
            case PostgresView.Replica replica -> follow(s, leader, replica.sql());
            case PostgresView.Starting starting -> starting.asPrimary() ? demote(s, leader) : whileStarting(s, leader);
            case PostgresView.Stopped stopped -> Rejoin.decide(s, leader, stopped.control());
            case PostgresView.Absent absent -> cloneFrom(s, leader);
            case PostgresView.Unresponsive u ->
                u.wasPrimary() ? demote(s, leader) : Decision.of(Reason.REPLICA_UNRESPONSIVE, u.complaint());
            case PostgresView.Unusable unusable -> Decision.of(Reason.UNUSABLE_DIRECTORY, unusable.why());
            case PostgresView.Unseen unseen -> Decision.of(Reason.LOOKING);
            case PostgresView.Stopping stopping -> Decision.of(Reason.STEPPING_DOWN, "still");
        };
    }

    /** The store says that another leads: there is nothing to wait for. */
    private static Decision demote(Situation s, MemberName leader) {
        return Decision.of(Reason.DEMOTE_OTHER_LEADS, leader)
                .start(new StopPostgres(StopMode.IMMEDIATE, s.now(), false));
    }

    /**
     * A copy that was rewound, or cloned, does not answer before it has WAL that only a leader has: one that was started
     * while there was none would wait for ever.
     */
    private static Decision whileStarting(Situation s, MemberName leader) {
        Optional<Moment> patientUntil = s.state().work().alone().map(since -> since.plus(STARTS_ALONE_FOR));
        if (patientUntil.isEmpty() || s.self().tags().noStream()) {
            return Decision.of(Reason.REPLICA_STARTING);
        }
        return s.now().isBefore(patientUntil.get())
                ? Decision.of(Reason.REPLICA_STARTING).lookAgainAt(patientUntil.get(), s.now())
                : Decision.of(Reason.RESTART_TO_FOLLOW, leader)
                        .start(new StopPostgres(
                                StopMode.FAST, s.now().plus(s.settings().retryTimeout()), false));
    }

    private static Decision follow(Situation s, MemberName leader, Sql sql) {
        Optional<Member> member = s.member(leader);
        Optional<Upstream> wanted = member.flatMap(m -> upstream(s, m));
        if (member.isEmpty() || (wanted.isEmpty() && !s.self().tags().noStream())) {
            return Decision.of(Reason.FOLLOW_WAIT, leader, "its record is not in the store");
        }
        Optional<Decision> apart = strayed(s, member.get(), sql);
        if (apart.isPresent()) {
            return apart.get();
        }
        boolean follows = sql.upstream().equals(wanted.map(Upstream::address))
                && sql.upstreamSlot().equals(wanted.map(Upstream::slot).orElse(""));
        if (follows) {
            return PermanentSlots.carry(s, member.get(), sql)
                    .or(() -> wanted.map(from -> followed(s, from.name())))
                    .orElseGet(() -> Decision.of(Reason.FOLLOW_ARCHIVE, leader));
        }
        return s.failures()
                .recent(Follow.class, s.now())
                .map(failure -> Decision.of(Reason.FOLLOW_WAIT, leader, failure.sentence()))
                .orElseGet(() -> Decision.of(
                                Reason.FOLLOW_NEW,
                                wanted.map(from -> from.name().value()).orElse("nobody"))
                        .start(new Follow(wanted)));
    }

    /** What cannot follow is stopped, and then rewound or cloned anew. */
    private static Optional<Decision> strayed(Situation s, Member leader, Sql sql) {
        Optional<String> diverged = Divergence.here(s)
                .or(() -> Divergence.ofReplica(s, leader, sql.timeline(), sql.position())
                        .filter(why -> hasStrayed(s)));
        Optional<String> wrong = Divergence.leftBehind(s, leader);
        return diverged.map(why -> wrong.map(it -> Decision.of(Reason.FOLLOW_WAIT, leader.name(), it))
                .orElseGet(() -> Decision.of(Reason.REWIND_STOP, leader.name(), why)
                        .start(new StopPostgres(
                                StopMode.FAST, s.now().plus(s.settings().retryTimeout()), false))));
    }

    private static Decision followed(Situation s, MemberName upstream) {
        return s.view().leader().isPresent()
                ? Decision.of(Reason.FOLLOW, upstream)
                : pledged(s).map(decision -> asking(s, decision)).orElseGet(() -> Decision.of(Reason.FOLLOW, upstream));
    }

    /** Its lease may last longer than our word, if the key is gone before its time; until it has said so, it is asked. */
    private static Decision asking(Situation s, Decision decision) {
        Revision since = s.view().vacantSince();
        Optional<MemberName> leader = s.state().failsafe().pledgedTo(s.now());
        boolean heard = s.state()
                .polling()
                .filter(polling -> polling.id().at().equals(since))
                .filter(polling -> !polling.isStaleAt(s.now())
                        || leader.flatMap(polling::spoke).isPresent())
                .isPresent();
        return heard || s.peers().isEmpty() ? decision : Canvassing.begin(decision, since, s.peers(), s);
    }

    /** Our word makes it the leader. */
    static Optional<Decision> pledged(Situation s) {
        return s.state()
                .failsafe()
                .pledge()
                .filter(pledge -> s.now().isBefore(pledge.until()))
                .map(pledge -> Decision.of(Reason.FOLLOW_FAILSAFE, pledge.leader(), s.until(pledge.until()))
                        .lookAgainAt(pledge.until(), s.now()));
    }

    /**
     * A replica that streams follows, and one that has just begun to may not have told its timeline yet: only what does
     * not stream for a while is stopped for what the numbers say.
     */
    private static boolean hasStrayed(Situation s) {
        return s.state()
                .local()
                .strayingSince()
                .filter(since -> !s.now().isBefore(since.plus(STRAYING_FOR)))
                .isPresent();
    }

    /**
     * The leader, or the member that the tag replicatefrom names, if that one is there and is not us; nobody, if we are
     * tagged to read from an archive alone.
     */
    static Optional<Upstream> upstream(Situation s, Member leader) {
        if (s.self().tags().noStream()) {
            return Optional.empty();
        }
        return s.self().tags().replicateFrom().flatMap(from -> cascade(s, from)).or(() -> s.upstream(leader));
    }

    private static Optional<Upstream> cascade(Situation s, String from) {
        return s.view().members().values().stream()
                .filter(m -> !m.name().equals(s.self().name()))
                .filter(m -> m.state() == RunState.RUNNING)
                .filter(m -> MemberSlots.isMeant(from, m))
                .findFirst()
                .flatMap(s::upstream);
    }

    private static Decision cloneFrom(Situation s, MemberName leader) {
        Optional<Member> ready = s.member(leader).filter(m -> isLeading(m.role()) && m.state() == RunState.RUNNING);
        if (ready.isEmpty() || !(s.view().initialize() instanceof InitializeKey.Done)) {
            return Decision.of(Reason.BOOTSTRAP_WAIT, leader);
        }
        Optional<Failures.Failure> failed = s.failures().recent(BaseBackup.class, s.now());
        if (failed.isPresent()) {
            return Decision.of(Reason.FOLLOW_WAIT, leader, failed.get().sentence())
                    .lookAgainAt(failed.get().retryAt(), s.now());
        }
        Member source = cloneSource(s).orElse(ready.get());
        return s.upstream(source)
                .map(from -> Decision.of(Reason.CLONE, from.name()).start(new BaseBackup(from)))
                .orElseGet(() -> Decision.of(Reason.FOLLOW_WAIT, leader, "its record is not in the store"));
    }

    static boolean isLeading(Role role) {
        return role == Role.PRIMARY || role == Role.STANDBY_LEADER;
    }

    /** A running replica that offers itself by its tag, to spare the primary. */
    static Optional<Member> cloneSource(Situation s) {
        return s.view().members().values().stream()
                .filter(m -> m.tags().cloneFrom() && m.state() == RunState.RUNNING && m.isStreaming())
                .filter(m -> !m.name().equals(s.self().name()))
                .findFirst();
    }
}
