package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Timings;
import pgha.dcs.MemoryStore;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/**
 * What must be true after every event.
 *
 * <p>I1: one writer at a time. I2: a writer has a term by its own clock, and is out of the way before the store gives its
 * lease away. I3: the address is on one host at most, under a term, and gone before the lease is. I4: nobody becomes a
 * writer in doubt. I5: a writer has what was acknowledged in synchronous mode. I6: no primary from a lesser timeline. I7,
 * that the last copy of a commit is not thrown away, is {@link Kept}'s. I8, asked at the end: all ends well.
 *
 * <p>Each ring of the fencing is to do without the ones outside of it: R0, the fence has nothing to do while the loop
 * runs; R1, the guard has nothing to do while the fence does; R2, nobody renews for a loop that is silent. And L: nobody
 * is elected who lacks more than the settings allow. B: nobody is led to half a cluster.
 */
final class Invariants {
    /** The loop looks at least once a second. */
    private static final Duration TO_NOTICE = Duration.ofMillis(1200);

    /** After a pause: for a lease and the guard's word, or for stopping the server. */
    private static final Duration TO_FENCE_AGAIN = Duration.ofSeconds(15);

    private final World world;
    private final SortedMap<String, Long> writing = new TreeMap<>();
    private final List<String> writeIntervals = new ArrayList<>();
    private final SortedSet<Long> branches = new TreeSet<>();
    private Timeline known = new Timeline(1);
    /** Fencing is off then, and what is written without a term is the operator's wish. */
    private boolean paused;

    private final SortedSet<String> unfenced = new TreeSet<>();
    private final SortedMap<String, Moment> heardOfTheEnd = new TreeMap<>();

    private Optional<String> holder = Optional.empty();

    Invariants(World world) {
        this.world = world;
    }

    /** One line each, for stories: who began to accept writes, and who ended. */
    List<String> writeIntervals() {
        return writeIntervals;
    }

    void look() {
        if (paused) {
            world.nodes().stream().filter(this::isLeftAlone).forEach(node -> unfenced.add(node.text()));
        } else {
            world.nodes().stream().filter(Invariants::believesInPause).forEach(node -> unfenced.add(node.text()));
            fenceAgain();
        }
        Tally tally = new Tally();
        world.nodes().forEach(node -> look(node, tally));
        world.excuses().look(tally.all > 1 ? tally.beside : Optional.empty());
        require(tally.writers.size() <= 1, "I1: several nodes accept writes: " + tally.writers);
        require(tally.addresses.size() <= 1, "I3: the address is bound on several nodes: " + tally.addresses);
    }

    private static final class Tally {
        private final List<String> writers = new ArrayList<>();
        private final List<String> addresses = new ArrayList<>();
        private int all;
        private Optional<String> beside = Optional.empty();
    }

    private void look(SimNode node, Tally tally) {
        boolean writes = node.postgres().acceptsWrites();
        boolean served = node.vip().isServed();
        changed(node, node.postgres().isWriter());
        if (!writes && !served) {
            return;
        }
        Optional<String> excuse = excuse(node);
        boolean covered = excuse.isPresent() || paused || node.clock().now().isBefore(node.writableUntil());
        if (writes) {
            tally.all++;
            // Half a cluster is offered to nobody, see B.
            if (excuse.isEmpty() && !node.postgres().isHalfMade()) {
                tally.writers.add(node.text());
            }
            tally.beside = tally.beside.or(() -> excuse);
            require(covered, "I2: " + node.text() + " accepts writes without a term");
        }
        if (served) {
            if (excuse.isEmpty()) {
                tally.addresses.add(node.text());
            }
            require(covered, "I3: the address is bound on " + node.text() + " without a term");
            require(!node.postgres().isHalfMade(), "B: half a cluster is offered to clients on " + node.text());
        }
    }

    private Optional<String> excuse(SimNode node) {
        return unfenced.contains(node.text())
                ? Optional.of("a pause whose end it has not heard of")
                : world.excuses().of(node);
    }

    /** The cluster is paused, or the node has not heard yet that it is no more. */
    boolean isUnfenced(SimNode node) {
        return paused || unfenced.contains(node.text());
    }

    /** Nobody stops it, since it has not heard that the pause is over; and others may elect one of them. */
    boolean isLetBeAfterPause(SimNode node) {
        return unfenced.contains(node.text())
                && holder.filter(node.text()::equals).isEmpty();
    }

    /** In pause, or so it believes. */
    void holdsWithoutTerm(SimNode node) {
        unfenced.add(node.text());
    }

    /** A pause stops nobody: whom an excuse let write writes on, and so does one that is led past without its agent. */
    private boolean isLeftAlone(SimNode node) {
        boolean ledPast = node.agent().isEmpty()
                && holder.filter(name -> !name.equals(node.text())).isPresent();
        return node.postgres().isWriter()
                && (ledPast || world.excuses().of(node).isPresent());
    }

    /** Views come one after the other, and late if the loop hung. */
    private static boolean believesInPause(SimNode node) {
        return node.agent().filter(agent -> agent.settings().paused()).isPresent();
    }

    /**
     * Fencing is on again as soon as there is a term, or a deadline that is over; and whatever there is, once an agent
     * that nothing holds up has known for a while that the pause is over.
     */
    private void fenceAgain() {
        unfenced.removeIf(name -> {
            SimNode node = world.node(name).orElseThrow();
            Moment now = node.clock().now();
            boolean inTerm = node.agent()
                    .flatMap(SimAgent::term)
                    .filter(term -> term.serves(now))
                    .isPresent();
            boolean fenced = node.guard()
                    .strikesAt()
                    .filter(at -> inTerm || at.plus(Excuses.TO_KILL).isBefore(now))
                    .isPresent();
            return (fenced && !believesInPause(node))
                    || hasLongHeardOfTheEnd(node)
                    || (!node.postgres().isWriter() && !node.vip().isBound());
        });
        heardOfTheEnd.keySet().retainAll(unfenced);
    }

    private boolean hasLongHeardOfTheEnd(SimNode node) {
        boolean heard = node.agent()
                .filter(agent -> agent.isUndisturbedFor(TO_FENCE_AGAIN)
                        && !agent.settings().paused()
                        && agent.state().cluster().linkUp())
                .isPresent();
        if (!heard) {
            heardOfTheEnd.remove(node.text());
            return false;
        }
        Moment since = heardOfTheEnd.computeIfAbsent(node.text(), name -> world.now());
        return !world.now().isBefore(since.plus(TO_FENCE_AGAIN));
    }

    private void changed(SimNode node, boolean writes) {
        Long branch = writing.get(node.text());
        if (writes && branch == null) {
            writing.put(node.text(), node.postgres().wal().branch());
            began(node);
        } else if (!writes && branch != null) {
            writing.remove(node.text());
            say(node, "accepts no more writes");
        }
    }

    private void began(SimNode node) {
        Wal wal = node.postgres().wal();
        say(node, "accepts writes on timeline " + wal.timeline());
        Timeline from = branches.add(wal.branch()) ? wal.parent() : wal.timeline();
        if (world.excuses().of(node).isPresent()) {
            // A host that thaws in the middle of a promotion ends it: what it writes does not count.
            return;
        }
        world.acknowledged().missingIn(wal).ifPresent(what -> {
            throw new Violation("I5: %s becomes primary, but %s".formatted(node.text(), what));
        });
        if (!paused && excuse(node).isEmpty()) {
            world.acknowledged().objectionToWriting(node).ifPresent(what -> {
                throw new Violation("I5: %s begins to write, but %s".formatted(node.text(), what));
            });
        }
        require(
                !from.isBehind(known) || excuse(node).isPresent(),
                "I6: %s becomes primary from timeline %s, while the cluster is on %s"
                        .formatted(node.text(), from, known));
    }

    private void say(SimNode node, String what) {
        world.trace().say(node.text(), "postgres: " + what);
        writeIntervals.add(world.trace().time() + " " + node.text() + " " + what);
    }

    void storeChanged(MemoryStore.Change change) {
        for (StoredKey key : change.puts()) {
            if (key.key().equals(SimEtcd.KEYS.history())) {
                TimelineHistory history = ClusterCodec.history(key.value());
                known = history.current();
            }
            if (key.key().equals(SimEtcd.KEYS.config())) {
                pauses(ClusterCodec.settings(key.value(), change.revision()).paused());
            }
            if (key.key().equals(SimEtcd.KEYS.leader())) {
                world.trace().say("etcd", "leader key: " + key.value() + " (rev " + change.revision() + ")");
                leads(Optional.of(key.value()));
            }
        }
        if (change.deletes().contains(SimEtcd.KEYS.leader())) {
            world.trace().say("etcd", "leader key: deleted (rev " + change.revision() + ")");
            leads(Optional.empty());
        }
    }

    private void pauses(boolean is) {
        if (paused && !is) {
            world.nodes().stream()
                    .filter(node -> node.postgres().isWriter() || node.vip().isBound())
                    .forEach(node -> unfenced.add(node.text()));
        }
        paused = is;
    }

    /** All keys are of an earlier moment now. */
    void storeRestored() {
        ClusterView view = world.etcd().view();
        holder = world.etcd().leader();
        known = view.history().map(TimelineHistory::current).orElse(new Timeline(1));
        world.acknowledged().storeRestored(view);
        world.nodes().stream().filter(this::outlastsItsLease).forEach(node -> world.excuses()
                .excuse(
                        node,
                        "etcd came back with a shorter lease",
                        node.clock().whenItShows(node.writableUntil())));
        pauses(view.settings().filter(ClusterSettings::paused).isPresent());
    }

    /** It was promised more time than the lease has that was in the snapshot. */
    private boolean outlastsItsLease(SimNode node) {
        return world.etcd()
                .leaseOf(node.name())
                .filter(lease -> lease.expiresAt().isBefore(node.clock().whenItShows(node.writableUntil())))
                .isPresent();
    }

    /**
     * The store keeps its promise unless somebody meddles with it: who led before must be out of the way; when its lease
     * ends, or, if all members let it go on without the store, when another leads.
     */
    private void leads(Optional<String> name) {
        name.ifPresent(world.etcd()::keyIsHeld);
        boolean goesOn = name.isEmpty()
                && holder.flatMap(world::node).filter(SimNode::leadsByMembers).isPresent();
        if (goesOn) {
            return;
        }
        Optional<SimNode> before =
                holder.filter(old -> !name.equals(Optional.of(old))).flatMap(world::node);
        holder = name;
        if (before.isPresent()
                && !paused
                && !world.etcd().isMeddledWith()
                && !world.etcd().hasRobbed(before.get().text())
                && excuse(before.get()).isEmpty()) {
            SimNode old = before.get();
            require(!old.postgres().acceptsWrites(), "I2: " + old.text() + " accepts writes and its lease is over");
            require(!old.vip().isServed(), "I3: " + old.text() + " has the address and its lease is over");
        }
    }

    /** The fence kills a writer. In a pause nobody stops in order what was being promoted when it began. */
    void fenceStrikes(SimNode node, SimAgent agent) {
        require(
                agent.settings().paused()
                        || !agent.isUndisturbedFor(
                                Timings.of(agent.settings()).stopBudget().plus(TO_NOTICE))
                        || node.wasSlowToStop(),
                "R0: the fence has to strike on " + node.text() + " although the loop runs");
    }

    /** The guard kills a writer. */
    void guardStrikes(SimNode node) {
        boolean fenceRuns = node.agent().filter(SimAgent::hasFencedNothing).isPresent();
        require(!fenceRuns, "R1: the guard has to strike on " + node.text() + " although the fence runs");
    }

    /** A renewal is sent. */
    void renews(SimNode node, SimAgent agent) {
        Duration most = agent.settings().ttl().dividedBy(5).plusMillis(1100);
        require(
                agent.silence().compareTo(most) <= 0,
                "R2: %s renews although its loop has been silent for %s".formatted(node.text(), agent.silence()));
    }

    /** Somebody takes the leader key. */
    void stands(SimNode node, SimAgent agent, ClusterStatus known) {
        SimPostgres postgres = node.postgres();
        if (!postgres.isInRecovery() || postgres.wal().timeline().isBehind(this.known)) {
            return;
        }
        ByteCount lacks = known.lastLsn().minus(postgres.wal().end());
        ByteCount most = agent.settings().maximumLagOnFailover();
        require(
                !lacks.exceeds(most),
                "L: %s leads and lacks %s of what was known to be written".formatted(node.text(), lacks));
    }

    /** A release has reached the store. */
    void released(SimNode node, LeaseId lease) {
        boolean ours = world.etcd().store().range(SimEtcd.KEYS.leader()).stream()
                .anyMatch(key -> key.value().equals(node.text()) && key.lease().equals(lease));
        require(!ours || !node.vip().isBound(), "I3: " + node.text() + " gives the lease away before the address");
        require(!ours || !node.postgres().acceptsWrites(), "I1: " + node.text() + " gives the lease away and writes");
    }

    /** A task is allowed to make a writer. */
    void authorised(SimNode node, SimAgent agent) {
        require(!agent.state().tenure().doubt(), "I4: " + node.text() + " becomes a writer in doubt");
        world.acknowledged().authorised(node, agent);
    }

    /** I8: one primary that leads and has the address, and everybody else follows it. What is missing, if anything. */
    Optional<String> unsettled() {
        Optional<String> leader = world.etcd().leader();
        Optional<SimNode> ours = leader.flatMap(world::node);
        if (ours.isEmpty()) {
            return Optional.of("I8: "
                    + leader.map(name -> "a stranger, " + name + ", leads").orElse("nobody leads"));
        }
        SimNode primary = ours.get();
        if (!primary.postgres().acceptsWrites()) {
            return Optional.of("I8: " + leader.get() + " leads and accepts no writes");
        }
        if (!primary.vip().isBound()) {
            return Optional.of("I8: " + leader.get() + " leads without the address");
        }
        boolean canBeFollowed = world.nodes().stream()
                .anyMatch(node -> node != primary
                        && !node.postgres()
                                .wal()
                                .isNamesakeOf(primary.postgres().wal()));
        Optional<String> alone = world.acknowledged().unsettled(primary);
        if (canBeFollowed && alone.isPresent()) {
            return alone;
        }
        return world.nodes().stream()
                .filter(node -> node != primary)
                .filter(node -> !node.postgres().hasData()
                        || !node.postgres()
                                .wal()
                                .isNamesakeOf(primary.postgres().wal()))
                .filter(node -> !node.postgres().isStreaming()
                        || !node.postgres().wal().isPrefixOf(primary.postgres().wal()))
                .map(node -> "I8: %s does not follow %s".formatted(node.text(), primary.text()))
                .findFirst()
                .or(() -> world.lan().unsettled(primary));
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new Violation(sentence);
        }
    }
}
