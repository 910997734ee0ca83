package pgha.agent.sim;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.ha.LeaseTerm;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/**
 * What the invariants rest on, and what is demanded of each part alone: its breach harms nobody until something else
 * fails as well, and would be found late.
 *
 * <p>T: a term is never longer than what the store promised for its lease. G: the guard never strikes later than the
 * fence. K: whoever leads does so by a key under the lease that he renews. E: nobody stands from a timeline that he
 * knows to be left behind. A: nobody asks for the leader key while it is his. C: nobody makes a cluster while the claim
 * to do so is another's. D: nobody asks for the leader key while an earlier attempt of his may still succeed. P: what
 * only a leader may do is permitted under a good term only. F: what the fence strikes at has no address afterwards.
 */
final class Promises {
    /** What clocks within the bound may disagree by, over the longest lease. */
    private static final Duration DRIFT = Duration.ofMillis(35);

    /** For how long a leader may take to see that his key is not under his lease any more. */
    private static final Duration NOTICING = Duration.ofSeconds(12);

    private static final Duration LONGEST_TTL = Duration.ofSeconds(30);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final World world;
    private final SortedMap<String, LeaseTerm> checked = new TreeMap<>();
    private final SortedMap<String, Moment> unbound = new TreeMap<>();

    Promises(World world) {
        this.world = world;
        world.simulation().every(EVERY, this::lookAtKeys);
    }

    /** The terms have changed; this one may be known. */
    void published(SimNode node, LeaseTerm term) {
        if (term.equals(checked.put(node.text(), term))) {
            return;
        }
        Moment over = node.clock().whenItShows(term.expiresAt());
        world.etcd()
                .store()
                .lease(term.lease())
                .filter(lease -> world.excuses().of(node).isEmpty()
                        && !world.etcd().makesUpLater()
                        && !node.hasLostTimeSince(world.now().minus(LONGEST_TTL))
                        && term.basis() != LeaseTerm.Basis.MEMBERS)
                .ifPresent(lease -> require(
                        !over.isAfter(lease.expiresAt().plus(DRIFT)),
                        "T: the term of %s lasts %s longer than its lease"
                                .formatted(node.text(), lease.expiresAt().until(over))));
    }

    /** Now and then. */
    private void lookAtKeys() {
        for (SimNode node : world.nodes()) {
            Optional<LeaseId> key = world.etcd().store().range(SimEtcd.KEYS.leader()).stream()
                    .filter(leader -> leader.value().equals(node.text()))
                    .map(StoredKey::lease)
                    .findFirst();
            node.agent()
                    .filter(agent -> leadsBesideItsKey(node, agent, key))
                    .ifPresentOrElse(agent -> bound(node), () -> unbound.remove(node.text()));
        }
    }

    /** The terms, or what the guard was told, have changed. */
    void guarded(SimNode node, SimAgent agent) {
        boolean late = node.guard()
                .inheritedDeadline()
                .filter(deadline -> deadline.isAfter(agent.fenceAt()))
                .isPresent();
        require(!late, "G: the guard would strike later than the fence on " + node.text());
    }

    /** The store and the loop have had time to agree; a term that is longer than a new one would be is kept to its end. */
    private static boolean leadsBesideItsKey(SimNode node, SimAgent agent, Optional<LeaseId> key) {
        Moment newTermEnds = node.clock().now().plus(agent.settings().ttl());
        Optional<LeaseId> held = agent.term().map(LeaseTerm::lease);
        return key.isPresent()
                && held.isPresent()
                && !key.equals(held)
                && agent.isUndisturbedFor(NOTICING)
                && !agent.fenceAt().isAfter(newTermEnds)
                && node.postgres().acceptsWrites()
                && agent.state().cluster().linkUp();
    }

    private void bound(SimNode node) {
        Moment since = unbound.computeIfAbsent(node.text(), name -> world.now());
        require(
                world.now().isBefore(since.plus(NOTICING)),
                "K: %s leads by a key that is not under its lease".formatted(node.text()));
    }

    /** The loop wants the leader key. */
    void stands(SimNode node, SimAgent agent) {
        boolean behind = node.postgres().isInRecovery()
                && agent.state()
                        .view()
                        .history()
                        .filter(history -> node.postgres().wal().timeline().isBehind(history.current()))
                        .isPresent();
        require(!behind, "E: %s stands from a timeline that it knows to be left behind".formatted(node.text()));
    }

    /** The leader key is asked for as if it were vacant. */
    void acquires(SimNode node, SimAgent agent) {
        Optional<LeaseId> held =
                agent.term().filter(term -> term.serves(node.clock().now())).map(LeaseTerm::lease);
        boolean has = held.isPresent()
                && world.etcd().store().range(SimEtcd.KEYS.leader()).stream()
                        .anyMatch(key -> key.value().equals(node.text())
                                && Optional.of(key.lease()).equals(held));
        require(!has, "A: %s asks for the leader key that it has".formatted(node.text()));
    }

    /** A cluster begins to be made. */
    void creates(SimNode node, SimAgent agent) {
        boolean others = world.etcd().view().initialize() instanceof InitializeKey.Claimed claimed
                && agent.state().genesis().claim().filter(claimed.at()::equals).isEmpty();
        require(!others, "C: %s makes a cluster, and the claim is another's".formatted(node.text()));
    }

    /** An attempt on the leader key is sent, and those under {@code doubtful} were never answered. */
    void takes(SimNode node, Collection<LeaseId> doubtful) {
        boolean open = doubtful.stream()
                .anyMatch(lease -> world.etcd().store().lease(lease).isPresent());
        require(!open, "D: %s asks for the leader key again, and its first attempt is in doubt".formatted(node.text()));
    }

    /** It was confirmed that a server may become a writer now. */
    void permitted(SimNode node, SimAgent agent) {
        boolean good =
                agent.term().filter(term -> term.serves(node.clock().now())).isPresent();
        require(good, "P: %s may become a writer, and its term is over".formatted(node.text()));
    }

    /** The fence has struck. */
    void fenced(SimNode node) {
        require(!node.vip().isBound(), "F: the fence has left the address on " + node.text());
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new Violation(sentence);
        }
    }
}
