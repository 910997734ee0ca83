package pgha.agent.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.Moment;

/** Everything there is: time, network, store, nodes, and clients that write wherever they can. */
final class World {
    private static final Duration WRITE_EVERY = Duration.ofMillis(100);
    private static final Duration RECONNECT_EVERY = Duration.ofMillis(200);

    private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");

    private final Simulation simulation;
    private final Pace pace;
    private final Trace trace;
    private final SimNetwork network;
    private final SimLan lan = new SimLan(this);
    private final SimEtcd etcd;
    private final SortedMap<String, SimNode> nodes = new TreeMap<>();
    private final SortedMap<String, SimNode> outside = new TreeMap<>();
    private final Invariants invariants;
    private final Promises promises;
    private final Words words = new Words(this);
    private final Excuses excuses;
    private final Cells cells = new Cells();
    private final Acknowledged acknowledged = new Acknowledged(this);
    private final Kept kept = new Kept(this);
    private final String settings;
    private Duration clockTurned = Duration.ZERO;
    private Optional<Long> lackingInBackups = Optional.empty();
    private long lastBranch;
    private long lastSystem = 7_000_000_000_000_000_000L;

    /** @param settings the document that a new cluster begins with */
    World(Pace pace, int keepTrace, String settings) {
        this.pace = pace;
        this.settings = settings;
        this.simulation = new Simulation(this::afterEach);
        this.trace = new Trace(simulation::now, keepTrace);
        this.network = new SimNetwork(simulation, pace);
        this.etcd = new SimEtcd(simulation);
        this.invariants = new Invariants(this);
        this.excuses = new Excuses(this);
        this.promises = new Promises(this);
        etcd.follow(acknowledged::storeChanged);
        etcd.follow(invariants::storeChanged);
        etcd.follow(words::storeChanged);
        simulation.every(WRITE_EVERY, this::writeEverywhere);
        simulation.every(RECONNECT_EVERY, () -> nodes.values()
                .forEach(node -> node.postgres().receive()));
    }

    /** @param ppm how much too fast its clock is */
    SimNode addNode(String name, long ppm, String tags) {
        SimNode node = new SimNode(
                this, name, new SimClock(simulation::now, (1 + nodes.size()) * 1_000_000_000_000L, ppm), tags);
        nodes.put(name, node);
        return node;
    }

    /** Of another cluster: nothing that is said of the nodes is said of it. */
    SimNode addOutside(String name) {
        SimNode node = new SimNode(this, name, new SimClock(simulation::now, 0, 0), "");
        outside.put(name, node);
        return node;
    }

    /** All keys are of an earlier moment now. */
    void storeRestored() {
        invariants.storeRestored();
        words.storeRestored();
    }

    private void afterEach() {
        invariants.look();
    }

    private void writeEverywhere() {
        nodes.values().stream().filter(node -> node.postgres().acceptsWrites()).forEach(node -> node.postgres()
                .commits()
                .commit(pace.millis(100, 900).toMillis()));
    }

    /** Whoever receives from {@code source} gets what is new after a moment on the wire. */
    void walGrew(SimNode source) {
        for (SimNode node : nodes.values()) {
            boolean follows = node.postgres()
                    .upstream()
                    .filter(from -> from.name().value().equals(source.text()))
                    .isPresent();
            if (follows && node.postgres().isInRecovery()) {
                after(network.delay(), () -> node.postgres().receive());
            }
        }
    }

    String settings() {
        return settings;
    }

    /** From now on replicas are made from backups, also while nobody leads; they end so many bytes before the last one that was written. */
    void restoreFromBackups(long lacking) {
        lackingInBackups = Optional.of(lacking);
    }

    boolean hasBackups() {
        return lackingInBackups.isPresent();
    }

    long lackingInBackups() {
        return lackingInBackups.orElse(0L);
    }

    Moment now() {
        return simulation.now();
    }

    /** What every host's wall clock says. */
    Instant timeOfDay() {
        return MIDNIGHT.plusNanos(now().nanos()).plus(clockTurned);
    }

    /** A time of day as people write it. */
    String timeOfDayIn(Duration from) {
        return timeOfDay().plus(from).toString();
    }

    /** Somebody sets all the clocks. */
    void turnClocks(Duration ahead) {
        clockTurned = clockTurned.plus(ahead);
    }

    void at(Moment when, Runnable what) {
        simulation.at(when, what);
    }

    void after(Duration delay, Runnable what) {
        simulation.after(delay, what);
    }

    Simulation simulation() {
        return simulation;
    }

    Pace pace() {
        return pace;
    }

    Trace trace() {
        return trace;
    }

    SimLan lan() {
        return lan;
    }

    SimNetwork network() {
        return network;
    }

    SimEtcd etcd() {
        return etcd;
    }

    Cells cells() {
        return cells;
    }

    Excuses excuses() {
        return excuses;
    }

    Promises promises() {
        return promises;
    }

    Words words() {
        return words;
    }

    Invariants invariants() {
        return invariants;
    }

    Acknowledged acknowledged() {
        return acknowledged;
    }

    Kept kept() {
        return kept;
    }

    Optional<SimNode> node(String name) {
        return Optional.ofNullable(nodes.get(name)).or(() -> Optional.ofNullable(outside.get(name)));
    }

    Collection<SimNode> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    List<String> names() {
        return new ArrayList<>(nodes.keySet());
    }

    long newBranch() {
        return ++lastBranch;
    }

    String newSystem() {
        return Long.toString(++lastSystem);
    }

    /** The server that a copy for {@code node} is made from, if it can be reached and is well. */
    Optional<SimPostgres> source(SimNode node, Upstream from) {
        return node(from.name().value())
                .filter(other -> other.isUp() && network().passesBothWays(node.text(), other.text()))
                .map(SimNode::postgres)
                .filter(p -> (p.isPrimary() || p.isInRecovery()) && !p.isStopping());
    }
}
