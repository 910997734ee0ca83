package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private Moment troubledUntil = Moment.EARLIEST;

    /** @param end from here on nothing new goes wrong */
    Faults(World world, Prng prng, Moment end) {
        this.world = world;
        this.prng = prng;
        this.end = end;
    }

    /** Some trouble after {@code pause}, and more after a while. */
    void begin(Duration pause) {
        world.after(pause, () -> {
            if (world.now().isBefore(end)) {
                Kind kind = prng.oneOf(List.of(Kind.values()));
                strike(kind, world.node(prng.oneOf(world.names())).orElseThrow());
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

    private void strike(Kind kind, SimNode node) {
        Duration lasts = seconds(1, prng.percent(50) ? 6 : 30);
        if ((needsCalm(kind) && !isCalm()) || leavesNobody(kind, node)) {
            return;
        }
        troubledUntil = Moment.later(troubledUntil, world.now().plus(lasts).plus(Duration.ofSeconds(5)));
        world.trace().say("world", "fault: %s %s for %.1fs".formatted(kind, node.text(), lasts.toMillis() / 1000.0));
        begin(kind, node, lasts);
    }

    private void begin(Kind kind, SimNode node, Duration lasts) {
        switch (kind) {
            case POWER_LOSS -> {
                node.powerOff();
                world.after(lasts, node::powerOn);
            }
            case AGENT_KILLED -> {
                node.restartAfter(Optional.of(prng.between(Duration.ofMillis(100), Duration.ofSeconds(2))));
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
                world.names().stream().filter(n -> !n.equals(node.text())).forEach(n -> cut(node.text(), n, lasts));
                cut(node.text(), SimNetwork.ETCD, lasts);
            }
            case CUT_FROM_STORE -> cut(node.text(), SimNetwork.ETCD, lasts);
            case CUT_FROM_PEER -> {
                String other = prng.oneOf(world.names());
                if (!other.equals(node.text())) {
                    cut(node.text(), other, lasts);
                }
            }
            case STORE_SILENT -> {
                world.etcd().silence();
                world.after(lasts, world.etcd()::speak);
            }
            case STORE_ELECTION -> world.etcd().electLeader();
            case LOSSY_NETWORK -> {
                world.network().lose((int) prng.between(5, 40));
                world.after(lasts, () -> world.network().lose(0));
            }
            case SCOPE_WIPED -> world.etcd().wipe();
            case LEADER_KEY_DELETED -> world.etcd().deleteLeader();
            case LEADER_KEY_OVERWRITTEN -> {
                String name = prng.percent(50) ? node.text() : "nobody-we-know";
                world.etcd().overwriteLeader(name);
                world.after(lasts, () -> {
                    if (world.node(name).isEmpty()) {
                        world.etcd().deleteLeader();
                    }
                });
            }
            case TTL_CHANGED -> changeTtl();
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
            case SWITCHOVER -> switchover(node);
        }
    }

    private static void mendStarts(SimNode node) {
        node.failing("StartPrimary", false);
        node.failing("StartReplica", false);
    }

    private void changeTtl() {
        world.etcd().view().settings().ifPresent(settings -> {
            String document =
                    settings.document().replaceFirst("\"ttl\":\\d+", "\"ttl\":" + prng.oneOf(List.of(5, 10, 20, 30)));
            world.trace().say("world", "settings: " + document);
            world.etcd().store().apply(SimEtcd.TXNS.putSettings(document, settings.revision()));
        });
    }

    private void cut(String one, String other, Duration lasts) {
        boolean oneWay = prng.percent(20);
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

    private void switchover(SimNode to) {
        Optional<MemberName> from = world.etcd().leader().map(MemberName::new);
        Optional<MemberName> candidate = prng.percent(50) ? Optional.of(to.name()) : Optional.empty();
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
