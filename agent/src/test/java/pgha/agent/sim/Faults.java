package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import pgha.dcs.DcsReply;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;

/** What goes wrong, when, and for how long: drawn from the seed. */
final class Faults {
    /** Kinds of trouble. */
    enum Kind {
        POWER_LOSS,
        AGENT_KILLED,
        AGENT_GONE,
        AGENT_FROZEN,
        AGENT_STOPPED,
        LOOP_STUCK,
        GUARD_FROZEN,
        GUARD_KILLED,
        POSTMASTER_KILLED,
        ISOLATED,
        CUT_FROM_STORE,
        CUT_FROM_PEER,
        STORE_SILENT,
        STORE_ELECTION,
        LOSSY_NETWORK,
        SCOPE_WIPED,
        LEADER_KEY_DELETED,
        LEADER_KEY_OVERWRITTEN,
        TTL_CHANGED,
        RECEIVER_HANGS,
        POSTGRES_MUTE,
        SERVER_DOES_NOT_START,
        SLOW_TO_STOP,
        SWITCHOVER
    }

    private final World world;
    private final Prng prng;
    private final Moment end;
    private final SortedSet<Integer> left;
    private int drawn;
    private Moment troubledUntil = Moment.EARLIEST;

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
    }

    /** How many there were, those left out included. */
    int drawn() {
        return drawn;
    }

    /** Some trouble after {@code pause}, and more after a while. */
    void begin(Duration pause) {
        world.after(pause, () -> {
            if (world.now().isBefore(end)) {
                Kind kind = prng.oneOf(List.of(Kind.values()));
                SimNode node = world.node(prng.oneOf(world.names())).orElseThrow();
                Duration lasts = seconds(1, prng.percent(50) ? 6 : 30);
                Prng details = new Prng(prng.next());
                if (!left.contains(drawn++)) {
                    strike(new Fault(drawn - 1, kind, node, lasts, details));
                }
                Duration calm = Duration.ofSeconds(kind == Kind.SCOPE_WIPED ? 3 : 0);
                begin(calm.plus(prng.between(Duration.ofSeconds(1), Duration.ofSeconds(14))));
            }
        });
    }

    /** All that can be healed is; machines and agents come back. */
    void healAll() {
        world.trace().say("world", "all faults end");
        world.etcd().speak();
        for (SimNode node : world.nodes()) {
            node.powerOn();
            node.agent().ifPresent(SimAgent::thaw);
            node.restartAfter(Optional.of(Duration.ofSeconds(1)));
            node.agent().ifPresent(SimAgent::unstick);
            node.guard().goOn();
            mendStarts(node);
            node.postgres().mute(false);
            node.postgres().hangReceiver(false);
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
            case SCOPE_WIPED, LEADER_KEY_DELETED, LEADER_KEY_OVERWRITTEN -> true;
            default -> false;
        };
    }

    /** Agent and guard dead or stopped at the same instant leave nobody to stop a writer: that is not covered. */
    private static boolean leavesNobody(Kind kind, SimNode node) {
        return switch (kind) {
            case AGENT_KILLED, AGENT_GONE, AGENT_FROZEN -> !node.guard().runs();
            case GUARD_FROZEN, GUARD_KILLED ->
                node.agent().filter(SimAgent::hasRunForAWhile).isEmpty();
            default -> false;
        };
    }

    private boolean isCalm() {
        return troubledUntil.isBefore(world.now())
                && world.nodes().stream().anyMatch(node -> node.postgres().acceptsWrites());
    }

    private Duration seconds(int least, int most) {
        return prng.between(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }

    /** What is drawn for one of them. */
    private record Fault(int number, Kind kind, SimNode node, Duration lasts, Prng details) {
        @Override
        public String toString() {
            return "fault %d: %s %s for %.1fs".formatted(number, kind, node.text(), lasts.toMillis() / 1000.0);
        }
    }

    private void strike(Fault fault) {
        if ((needsCalm(fault.kind()) && !isCalm()) || leavesNobody(fault.kind(), fault.node())) {
            return;
        }
        troubledUntil =
                Moment.later(troubledUntil, world.now().plus(fault.lasts()).plus(Duration.ofSeconds(5)));
        world.trace().say("world", fault.toString());
        begin(fault.kind(), fault.node(), fault.lasts(), fault.details());
    }

    private void begin(Kind kind, SimNode node, Duration lasts, Prng details) {
        switch (kind) {
            case POWER_LOSS -> {
                node.powerOff();
                world.after(lasts, node::powerOn);
            }
            case AGENT_KILLED -> {
                node.restartAfter(Optional.of(details.between(Duration.ofMillis(100), Duration.ofSeconds(2))));
                node.killAgent();
            }
            case AGENT_GONE -> {
                node.restartAfter(Optional.of(lasts));
                node.killAgent();
            }
            case AGENT_FROZEN ->
                node.agent().ifPresent(agent -> {
                    agent.freeze();
                    world.after(lasts, agent::thaw);
                });
            case AGENT_STOPPED -> {
                node.agent().ifPresent(SimAgent::stop);
                world.after(lasts.plusSeconds(5), node::startAgent);
            }
            case LOOP_STUCK ->
                node.agent().ifPresent(agent -> {
                    agent.stick();
                    world.after(lasts, agent::unstick);
                });
            case GUARD_FROZEN -> {
                node.guard().fail();
                world.after(lasts, node.guard()::goOn);
            }
            case GUARD_KILLED -> {
                node.guard().fail();
                world.after(world.pace().millis(5, 1000), node.guard()::goOn);
            }
            case POSTMASTER_KILLED -> node.postgres().kill(Duration.ofMillis(5));
            case ISOLATED -> {
                world.names().stream()
                        .filter(n -> !n.equals(node.text()))
                        .forEach(n -> cut(node.text(), n, lasts, details));
                cut(node.text(), SimNetwork.ETCD, lasts, details);
            }
            case CUT_FROM_STORE -> cut(node.text(), SimNetwork.ETCD, lasts, details);
            case CUT_FROM_PEER -> {
                String other = details.oneOf(world.names());
                if (!other.equals(node.text())) {
                    cut(node.text(), other, lasts, details);
                }
            }
            case STORE_SILENT -> {
                world.etcd().silence();
                world.after(lasts, world.etcd()::speak);
            }
            case STORE_ELECTION -> world.etcd().electLeader();
            case LOSSY_NETWORK -> {
                world.network().lose((int) details.between(5, 40));
                world.after(lasts, () -> world.network().lose(0));
            }
            case SCOPE_WIPED -> world.etcd().wipe();
            case LEADER_KEY_DELETED -> world.etcd().deleteLeader();
            case LEADER_KEY_OVERWRITTEN -> {
                String name = details.percent(50) ? node.text() : "nobody-we-know";
                world.etcd().overwriteLeader(name);
                world.after(lasts, () -> {
                    if (world.node(name).isEmpty()) {
                        world.etcd().deleteLeader();
                    }
                });
            }
            case TTL_CHANGED -> world.etcd().changeTtl(details.oneOf(List.of(5L, 10L, 20L, 30L)));
            case RECEIVER_HANGS -> {
                node.postgres().hangReceiver(true);
                world.after(lasts, () -> node.postgres().hangReceiver(false));
            }
            case POSTGRES_MUTE -> {
                node.postgres().mute(true);
                world.after(lasts, () -> node.postgres().mute(false));
            }
            case SERVER_DOES_NOT_START -> {
                node.failing("StartPrimary", true);
                node.failing("StartReplica", true);
                world.after(lasts, () -> mendStarts(node));
            }
            case SLOW_TO_STOP -> {
                node.slowToStop(true);
                world.after(lasts, () -> node.slowToStop(false));
            }
            case SWITCHOVER -> switchover(node, details);
        }
    }

    private static void mendStarts(SimNode node) {
        node.failing("StartPrimary", false);
        node.failing("StartReplica", false);
    }

    private void cut(String one, String other, Duration lasts, Prng details) {
        boolean oneWay = details.percent(20);
        world.network().cut(one, other);
        if (!oneWay) {
            world.network().cut(other, one);
        }
        world.after(lasts, () -> {
            boolean bothUp = world.node(one).filter(SimNode::isUp).isPresent()
                    && (other.equals(SimNetwork.ETCD)
                            || world.node(other).filter(SimNode::isUp).isPresent());
            if (bothUp) {
                world.network().heal(one, other);
            }
        });
    }

    private void switchover(SimNode to, Prng details) {
        Optional<MemberName> from = world.etcd().leader().map(MemberName::new);
        Optional<MemberName> candidate = details.percent(50) ? Optional.of(to.name()) : Optional.empty();
        if (from.isEmpty() || world.etcd().isSilent() || candidate.equals(from)) {
            return;
        }
        DcsReply<Revision> written = world.etcd()
                .store()
                .apply(SimEtcd.TXNS.putSwitchover(
                        new SwitchoverRequest(from, candidate, Optional.empty(), Revision.ZERO)));
        world.trace().say("world", "switchover asked for: " + written);
    }
}
