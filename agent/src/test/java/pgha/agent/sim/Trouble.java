package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.sim.Faults.Kind;
import pgha.dcs.DcsReply;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;

/**
 * One fault as it happens, and its end.
 *
 * @param node whom it strikes, if it strikes one
 * @param lasts after which it is over, if it is one that ends
 * @param details for what else there is to choose
 */
record Trouble(World world, SimNode node, Duration lasts, Prng details) {
    void begin(Kind kind) {
        switch (kind) {
            case POWER_LOSS -> forAWhile(node::powerOff, node::powerOn);
            case AGENT_KILLED -> killAgent(details.between(Duration.ofMillis(100), Duration.ofSeconds(2)));
            case AGENT_GONE -> killAgent(lasts);
            case AGENT_FROZEN -> node.agent().ifPresent(agent -> forAWhile(agent::freeze, agent::thaw));
            case AGENT_STOPPED -> stopAgent();
            case LOOP_STUCK -> node.agent().ifPresent(agent -> forAWhile(agent::stick, agent::unstick));
            case GUARD_FROZEN -> forAWhile(node.guard()::fail, node.guard()::goOn);
            case GUARD_KILLED -> killGuard();
            case POSTMASTER_KILLED -> node.postgres().kill(Duration.ofMillis(5));
            case ISOLATED -> isolate();
            case CUT_FROM_STORE -> cut(SimNetwork.ETCD);
            case CUT_FROM_PEER -> cut(details.oneOf(world.names()));
            case STORE_SILENT -> forAWhile(world.etcd()::silence, world.etcd()::speak);
            case STORE_SLOW -> switching(world.etcd()::dawdle);
            case STORE_ELECTION -> world.etcd().electLeader();
            case LOSSY_NETWORK -> loseMessages((int) details.between(5, 40));
            case SCOPE_WIPED -> world.etcd().wipe();
            case LEADER_KEY_DELETED -> world.etcd().deleteLeader();
            case LEASE_REVOKED -> world.etcd().revokeLeader();
            case LEADER_KEY_OVERWRITTEN -> overwriteLeader(details.percent(50) ? node.text() : "nobody-we-know");
            case TTL_CHANGED -> world.etcd().changeTtl(details.oneOf(List.of(5L, 10L, 20L, 30L)));
            case RECEIVER_HANGS -> switching(node.postgres()::hangReceiver);
            case POSTGRES_MUTE -> switching(node.postgres()::mute);
            case SERVER_DOES_NOT_START -> forAWhile(() -> failStarts(node, true), () -> mendStarts(node));
            case SLOW_TO_STOP -> switching(node::slowToStop);
            case SWITCHOVER -> switchover();
        }
    }

    private void forAWhile(Runnable begin, Runnable end) {
        begin.run();
        world.after(lasts, end);
    }

    private void switching(Consumer<Boolean> toggle) {
        forAWhile(() -> toggle.accept(true), () -> toggle.accept(false));
    }

    private void killAgent(Duration restartAfter) {
        node.restartAfter(Optional.of(restartAfter));
        node.killAgent();
    }

    private void stopAgent() {
        node.agent().ifPresent(SimAgent::stop);
        world.after(lasts.plusSeconds(5), node::startAgent);
    }

    /** Its agent sees that, and starts another. */
    private void killGuard() {
        node.guard().fail();
        world.after(world.pace().millis(5, 1000), node.guard()::goOn);
    }

    private void isolate() {
        world.names().forEach(this::cut);
        cut(SimNetwork.ETCD);
    }

    private void loseMessages(int percent) {
        forAWhile(() -> world.network().lose(percent), () -> world.network().lose(0));
    }

    private void overwriteLeader(String name) {
        world.etcd().overwriteLeader(name);
        if (world.node(name).isEmpty()) {
            world.after(lasts, world.etcd()::deleteLeader);
        }
    }

    static void mendStarts(SimNode node) {
        failStarts(node, false);
    }

    private static void failStarts(SimNode node, boolean fails) {
        node.failing("StartPrimary", fails);
        node.failing("StartReplica", fails);
    }

    private void cut(String other) {
        String one = node.text();
        if (other.equals(one)) {
            return;
        }
        boolean oneWay = details.percent(20);
        world.network().cut(one, other);
        if (!oneWay) {
            world.network().cut(other, one);
        }
        world.after(lasts, () -> {
            boolean bothUp = node.isUp()
                    && (other.equals(SimNetwork.ETCD)
                            || world.node(other).filter(SimNode::isUp).isPresent());
            if (bothUp) {
                world.network().heal(one, other);
            }
        });
    }

    private void switchover() {
        Optional<MemberName> from = world.etcd().leader().map(MemberName::new);
        Optional<MemberName> candidate = details.percent(50) ? Optional.of(node.name()) : Optional.empty();
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
