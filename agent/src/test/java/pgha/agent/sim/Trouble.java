package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Event;
import pgha.agent.sim.Faults.Kind;
import pgha.agent.sim.SimNetwork.Quality;

/**
 * One fault as it happens, and its end.
 *
 * @param node whom it strikes, if it strikes one
 * @param lasts after which it is over, if it is one that ends
 * @param details for what else there is to choose
 */
record Trouble(World world, SimNode node, Duration lasts, Prng details) {
    /** Where the agent is that was given a name that is ours. */
    static final String STRANGER = "http://elsewhere:8008/patroni";

    /** By then the key is gone that an operator's request was about. */
    static final Duration CUT_SHORT = Duration.ofSeconds(1);

    /** For a restore: all members are stopped, and started with what was saved. */
    static final Duration LATEST_RESTORE = Duration.ofSeconds(3);

    void begin(Kind kind) {
        switch (kind) {
            case HOST_FROZEN -> forAWhile(node::freeze, node::thaw);
            case MACHINE_PAUSED -> forAWhile(node::pause, node::thaw);
            case POWER_LOSS -> forAWhile(node::powerOff, node::powerOn);
            case AGENT_KILLED -> killAgent(details.between(Duration.ofMillis(100), Duration.ofSeconds(2)));
            case AGENT_GONE -> killAgent(lasts);
            case AGENT_FROZEN -> node.agent().ifPresent(agent -> forAWhile(agent::freeze, agent::thaw));
            case AGENT_STOPPED -> stopAgent();
            case AGENT_DETACHED -> detachAgent();
            case LOOP_STUCK -> node.agent().ifPresent(agent -> forAWhile(agent::stick, agent::unstick));
            case GUARD_FROZEN -> forAWhile(node.guard()::fail, node.guard()::goOn);
            case GUARD_KILLED -> killGuard();
            case POSTMASTER_KILLED -> node.postgres().end().postmasterDies();
            case ISOLATED -> isolate();
            case CUT_FROM_STORE -> cut(SimNetwork.ETCD);
            case CUT_FROM_PEER -> cut(details.oneOf(world.names()));
            case STORE_SILENT -> forAWhile(world.etcd()::silence, world.etcd()::speak);
            case STORE_SLOW -> switching(world.etcd()::dawdle);
            case STORE_ELECTION -> world.etcd().members().elect(election());
            case STORE_LEADER_LOST -> world.etcd().members().loseLeader(election(), lasts);
            case STORE_LEADER_CUT_OFF -> world.etcd().members().cutLeaderOff(election(), unaware(), lasts);
            case LAGGING_MEMBER -> world.etcd().members().slowDown(node.text(), millis(50, 2500), lasts);
            case STORE_SAVED -> world.etcd().save();
            case STORE_RESTORED -> restore();
            case LOSSY_NETWORK -> spoil(Quality.lossy(percent(40)));
            case LATE_REQUESTS -> spoil(Quality.slow(percent(50)));
            case REPEATED_REQUESTS -> spoil(Quality.repeating(percent(50)));
            case PARTIAL_CUT -> cutSome();
            case SCOPE_WIPED -> wipeScope();
            case LEADER_KEY_DELETED -> world.etcd().deleteLeader();
            case LEASE_REVOKED -> world.etcd().revokeLeader();
            case LEADER_KEY_OVERWRITTEN -> overwriteLeader(details.percent(50) ? node.text() : "nobody-we-know");
            case TTL_CHANGED -> world.etcd().changeTtl(details.oneOf(List.of(5L, 10L, 20L, 30L)));
            case RECEIVER_HANGS -> switching(node.postgres().receiver()::hang);
            case RECEIVER_LAGS -> lag();
            case POSTGRES_MUTE -> switching(node.postgres()::mute);
            case SERVER_DOES_NOT_START -> forAWhile(() -> failStarts(node, true), () -> mendStarts(node));
            case SLOW_TO_STOP -> switching(node::slowToStop);
            case DISK_FULL -> switching(node.postgres().disk()::fill);
            case DISK_STALLED -> switching(node::stallDisk);
            case SWITCHOVER -> operator().switchover();
            case SWITCHOVER_SCHEDULED -> operator().scheduleSwitchover();
            case SWITCHOVER_CUT_SHORT -> {
                operator().switchover();
                world.after(details.between(Duration.ZERO, CUT_SHORT), this::deleteLeaderWhileItWrites);
            }
            case FAILOVER -> operator().failover();
            case RESTART -> operator().restart();
            case RESTART_IF_PENDING -> operator().restartIfPending();
            case RESTART_SCHEDULED -> operator().scheduleRestart();
            case RESTART_FLUSHED -> operator().flushRestart();
            case REINITIALIZE -> operator().reinitialize();
            case PAUSED -> forAWhile(() -> world.etcd().change("pause", "true"), this::resume);
            case SETTINGS_CHANGED -> changeSettings();
            case NAMESAKE -> namesake();
        }
    }

    /** Between taking the key and writing nobody can tell that it is about to: what etcd loses then is not covered. */
    private void deleteLeaderWhileItWrites() {
        boolean writes = world.etcd()
                .leader()
                .flatMap(world::node)
                .filter(leader -> leader.postgres().isWriter())
                .isPresent();
        if (writes && Faults.writersAnswer(world)) {
            world.etcd().deleteLeader();
        }
    }

    private Operator operator() {
        return new Operator(world, node, details);
    }

    private Duration millis(long least, long most) {
        return details.between(Duration.ofMillis(least), Duration.ofMillis(most));
    }

    /** etcd's election timeout is one second. */
    private Duration election() {
        return millis(1000, 2000);
    }

    /** Most of them step down before another is elected. */
    private Duration unaware() {
        return details.percent(70) ? Duration.ZERO : millis(100, 1000);
    }

    private int percent(int most) {
        return (int) details.between(5, most);
    }

    /** The way to the store, those between its peers and it, or all there are. */
    private void spoil(Quality quality) {
        boolean all = details.percent(40);
        List<String> hosts = new ArrayList<>(world.names());
        hosts.add(SimNetwork.ETCD);
        for (String one : world.names()) {
            for (String other : hosts) {
                boolean ofIt = one.equals(node.text()) && details.percent(60);
                if (!one.equals(other) && (all || ofIt)) {
                    forAWhile(() -> world.network().quality(one, other, quality), () -> world.network()
                            .quality(one, other, Quality.GOOD));
                }
            }
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

    private void lag() {
        SimReceiver receiver = node.postgres().receiver();
        forAWhile(() -> receiver.lag(millis(500, 12_000)), () -> receiver.lag(Duration.ZERO));
    }

    private void isolate() {
        world.names().forEach(this::cut);
        cut(SimNetwork.ETCD);
    }

    /** Any of its ways, in one direction or both. */
    private void cutSome() {
        List<String> others = new ArrayList<>(world.names());
        others.add(SimNetwork.ETCD);
        others.stream().filter(other -> details.percent(50)).forEach(this::cut);
    }

    /** All members stop, and begin again with what was saved. */
    private void restore() {
        world.etcd().silence();
        world.after(details.between(Duration.ofMillis(600), LATEST_RESTORE), () -> {
            boolean stopped = world.etcd().isSilent();
            if (stopped && world.etcd().restore()) {
                world.trace().say("etcd", "restored from a snapshot");
                world.storeRestored();
            }
            world.etcd().speak();
        });
    }

    private void detachAgent() {
        node.agent().ifPresent(agent -> agent.post(new Event.DetachRequested()));
        world.after(millis(500, 8000), node::startAgent);
        // It may have waited for a renewal first.
        world.after(Duration.ofSeconds(15), node::startAgent);
    }

    private void resume() {
        world.etcd().change("pause", "false");
    }

    private void changeSettings() {
        switch ((int) details.between(1, 4)) {
            case 1 -> world.etcd().change("maximum_lag_on_failover", details.oneOf(List.of("1048576", "20000")));
            case 2 -> world.etcd().change("primary_start_timeout", details.oneOf(List.of("0", "5", "300")));
            case 3 -> world.etcd().change("synchronous_node_count", details.oneOf(List.of("1", "2")));
            default -> world.etcd().change("synchronous_mode", details.oneOf(List.of("false", "true", "\"quorum\"")));
        }
    }

    /** An agent elsewhere that was given the same name publishes itself, and is found out. */
    private void namesake() {
        if (world.etcd().view().member(node.name()).isPresent()) {
            world.etcd().publishNamesake(node.name(), STRANGER);
            world.after(lasts, () -> world.etcd().removeMember(node.name()));
        }
    }

    private void wipeScope() {
        world.excuses().scopeIsWiped();
        world.etcd().wipe();
    }

    private void overwriteLeader(String name) {
        world.etcd().overwriteLeader(name);
        boolean isThere = world.node(name).filter(n -> n.exited().isEmpty()).isPresent();
        if (!isThere) {
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
        boolean outwards = details.percent(50);
        if (outwards || !oneWay) {
            world.network().cut(one, other);
        }
        if (!outwards || !oneWay) {
            world.network().cut(other, one);
        }
        world.after(lasts, () -> {
            world.network().heal(one, other);
        });
    }
}
