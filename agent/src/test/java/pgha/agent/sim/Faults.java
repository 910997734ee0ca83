package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import pgha.dcs.model.Moment;

/** What goes wrong, when, and for how long: drawn from the seed. */
final class Faults {
    /** Kinds of trouble. */
    enum Kind {
        POWER_LOSS,
        HOST_FROZEN,
        MACHINE_PAUSED,
        AGENT_KILLED,
        AGENT_GONE,
        AGENT_FROZEN,
        AGENT_STOPPED,
        AGENT_DETACHED,
        LOOP_STUCK,
        GUARD_FROZEN,
        GUARD_KILLED,
        POSTMASTER_KILLED,
        ISOLATED,
        CUT_FROM_STORE,
        CUT_FROM_PEER,
        STORE_SILENT,
        STORE_SLOW,
        STORE_ELECTION,
        STORE_LEADER_LOST,
        STORE_LEADER_CUT_OFF,
        LAGGING_MEMBER,
        STORE_SAVED,
        STORE_RESTORED,
        LOSSY_NETWORK,
        LATE_REQUESTS,
        REPEATED_REQUESTS,
        PARTIAL_CUT,
        SCOPE_WIPED,
        LEADER_KEY_DELETED,
        LEASE_REVOKED,
        LEADER_KEY_OVERWRITTEN,
        TTL_CHANGED,
        RECEIVER_HANGS,
        RECEIVER_LAGS,
        POSTGRES_MUTE,
        SERVER_DOES_NOT_START,
        SLOW_TO_STOP,
        DISK_FULL,
        DISK_STALLED,
        SWITCHOVER,
        SWITCHOVER_SCHEDULED,
        SWITCHOVER_CUT_SHORT,
        FAILOVER,
        RESTART,
        RESTART_IF_PENDING,
        RESTART_SCHEDULED,
        RESTART_FLUSHED,
        REINITIALIZE,
        PAUSED,
        SETTINGS_CHANGED,
        NAMESAKE
    }

    /** In which every candidate hears that the key is gone, and asks. */
    private static final Duration TO_ASK = Duration.ofSeconds(3);

    private final World world;
    private final Prng prng;
    private final Moment end;
    private final SortedSet<Integer> left;
    private final Theme theme;
    private int drawn;
    private Moment troubledUntil = Moment.EARLIEST;
    private Moment askedBy = Moment.EARLIEST;
    private Moment takenBy = Moment.EARLIEST;

    /**
     * @param prng nobody else's: so that a fault can be left out and the others stay what they are
     * @param end from here on nothing new goes wrong
     * @param left the numbers of those that are left out
     */
    Faults(World world, Prng prng, Moment end, SortedSet<Integer> left) {
        this.world = world;
        this.prng = prng;
        this.end = end;
        this.left = left;
        this.theme = Theme.of(prng);
    }

    /** How many there were, those left out included. */
    int drawn() {
        return drawn;
    }

    /** Some trouble after {@code pause}, and more after a while. */
    void begin(Duration pause) {
        world.after(pause, () -> {
            if (world.now().isBefore(end)) {
                Kind kind = theme.draw(prng);
                SimNode node = victim();
                Duration lasts = seconds(1, prng.percent(50) ? 6 : 30);
                Prng details = new Prng(prng.next());
                if (!left.contains(drawn++)) {
                    strike(new Fault(drawn - 1, kind, node, lasts, details));
                }
                Duration calm = Duration.ofSeconds(kind == Kind.SCOPE_WIPED ? 3 : 0);
                begin(calm.plus(prng.percent(30) ? seconds(0, 2) : seconds(1, 14)));
            }
        });
    }

    /** The leader more often than the others. */
    private SimNode victim() {
        Optional<SimNode> leader = world.etcd().leader().flatMap(world::node);
        SimNode any = world.node(prng.oneOf(world.names())).orElseThrow();
        return prng.percent(40) ? leader.orElse(any) : any;
    }

    /** All that can be healed is; machines and agents come back. */
    void healAll() {
        world.trace().say("world", "all faults end");
        world.etcd().speak();
        world.etcd().dawdle(false);
        world.etcd().members().heal();
        world.etcd().change("pause", "false");
        world.etcd().forgetStrangers(world.names(), Trouble.STRANGER);
        for (SimNode node : world.nodes()) {
            node.powerOn();
            node.thaw();
            node.stallDisk(false);
            node.postgres().disk().fill(false);
            node.agent().ifPresent(SimAgent::thaw);
            node.restartAfter(Optional.of(Duration.ofSeconds(1)));
            node.agent().ifPresent(SimAgent::unstick);
            node.guard().goOn();
            Trouble.mendStarts(node);
            node.postgres().mute(false);
            node.postgres().receiver().hang(false);
            node.postgres().receiver().lag(Duration.ZERO);
            node.slowToStop(false);
            node.alwaysStarted();
            node.startAgent();
        }
        world.network().healAll();
    }

    /**
     * A store that loses keys breaks its own promise, and only ring 3 is left: candidates ask the former leader. So
     * this happens only while they can.
     */
    private static boolean needsCalm(Kind kind) {
        return switch (kind) {
            case SCOPE_WIPED,
                    LEADER_KEY_DELETED,
                    LEASE_REVOKED,
                    LEADER_KEY_OVERWRITTEN,
                    SWITCHOVER_CUT_SHORT,
                    STORE_RESTORED -> true;
            default -> false;
        };
    }

    /** Agent and guard dead or stopped at the same instant leave nobody to stop a writer: that is not covered. */
    private static boolean leavesNobody(Kind kind, SimNode node) {
        return switch (kind) {
            case AGENT_KILLED, AGENT_GONE, AGENT_FROZEN, AGENT_DETACHED ->
                !node.guard().runs();
            case GUARD_FROZEN, GUARD_KILLED ->
                node.agent()
                        .filter(SimAgent::hasRunForAWhile)
                        .filter(Faults::answers)
                        .filter(agent -> agent.silence().isZero())
                        .isEmpty();
            default -> false;
        };
    }

    /** It can be asked, and will be there for a while. */
    private static boolean answers(SimAgent agent) {
        return !agent.isFrozen() && agent.state().detachRequestedAt().isEmpty();
    }

    private boolean isCalm() {
        return troubledUntil.isBefore(world.now())
                && world.nodes().stream().anyMatch(node -> node.postgres().acceptsWrites())
                && writersAnswer(world)
                && world.nodes().stream().noneMatch(Faults::cannotAsk);
    }

    /** A candidate that is told later than the others, when the writer may be silent already. */
    private static boolean cannotAsk(SimNode node) {
        return !node.postgres().isWriter()
                && node.agent().filter(agent -> !agent.silence().isZero()).isPresent();
    }

    /** Whoever writes can be asked whether it does. */
    static boolean writersAnswer(World world) {
        return world.nodes().stream()
                .filter(node -> node.postgres().isWriter())
                .allMatch(node -> node.agent().filter(Faults::answers).isPresent());
    }

    /** A key is taken away by hand, and the candidates have not asked yet whether its holder still writes. */
    private boolean mustBeAsked() {
        boolean taken = world.etcd().leader().isEmpty() || world.now().isBefore(takenBy);
        return taken && world.now().isBefore(askedBy);
    }

    private Duration seconds(int least, int most) {
        return prng.between(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }

    /** What is drawn for one of them. */
    private record Fault(int number, Kind kind, SimNode node, Duration lasts, Prng details) {
        /** For how long somebody may not answer. */
        Duration troubles() {
            return switch (kind) {
                case SWITCHOVER_SCHEDULED, RESTART_SCHEDULED, RESTART_FLUSHED -> Operator.LATEST;
                default -> isOverAtOnce(kind) ? Duration.ofSeconds(3) : lasts;
            };
        }

        /** How much later the key may be gone that candidates then ask its former holder about. */
        Duration takesTheKeyWithin() {
            return switch (kind) {
                case SWITCHOVER_CUT_SHORT -> Trouble.CUT_SHORT;
                case STORE_RESTORED -> Trouble.LATEST_RESTORE;
                case LEADER_KEY_OVERWRITTEN -> lasts;
                default -> Duration.ZERO;
            };
        }

        @Override
        public String toString() {
            return "fault %d: %s %s for %.1fs".formatted(number, kind, node.text(), lasts.toMillis() / 1000.0);
        }
    }

    /** What does not keep a candidate from asking the former leader. */
    private static boolean leavesCalm(Fault fault) {
        return switch (fault.kind()) {
            case LOOP_STUCK -> fault.node().postgres().isWriter();
            case STORE_SAVED, SETTINGS_CHANGED, STORE_ELECTION -> true;
            default -> false;
        };
    }

    /** What keeps nobody from answering once it is dealt with. */
    private static boolean isOverAtOnce(Kind kind) {
        return switch (kind) {
            case LEADER_KEY_DELETED,
                    LEASE_REVOKED,
                    SWITCHOVER,
                    SWITCHOVER_CUT_SHORT,
                    FAILOVER,
                    AGENT_KILLED,
                    GUARD_KILLED,
                    POSTMASTER_KILLED,
                    TTL_CHANGED -> true;
            default -> false;
        };
    }

    private boolean isLeftOut(Fault fault) {
        return fault.node().isFrozen()
                || (needsCalm(fault.kind()) && !isCalm())
                || (!leavesCalm(fault) && mustBeAsked())
                || leavesNobody(fault.kind(), fault.node());
    }

    private void strike(Fault fault) {
        if (isLeftOut(fault)) {
            return;
        }
        if (needsCalm(fault.kind())) {
            takenBy = world.now().plus(fault.takesTheKeyWithin());
            askedBy = takenBy.plus(TO_ASK);
        }
        if (!leavesCalm(fault)) {
            Moment over = world.now().plus(fault.troubles()).plus(Duration.ofSeconds(5));
            troubledUntil = Moment.later(troubledUntil, over);
        }
        world.trace().say("world", fault.toString());
        new Trouble(world, fault.node(), fault.lasts(), fault.details()).begin(fault.kind());
    }
}
