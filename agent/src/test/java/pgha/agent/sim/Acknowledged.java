package pgha.agent.sim;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.dcs.MemoryStore;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SynchronousMode;

/**
 * What clients were told is committed while synchronous mode protected it: everybody who writes later must have it (I5).
 *
 * <p>It protects from the moment at which the store says who has everything, until the mode is switched off or somebody
 * deletes what the store knows, or brings back what it knew once.
 */
final class Acknowledged {
    private final World world;
    private final SortedMap<Long, Lsn> furthest = new TreeMap<>();
    private SynchronousMode mode = SynchronousMode.OFF;
    private Optional<SyncState> sync = Optional.empty();
    private final SortedSet<String> toldInMode = new TreeSet<>();
    private boolean outdated;

    Acknowledged(World world) {
        this.world = world;
    }

    void add(SimNode writer, long branch, Lsn end) {
        boolean counts = world.excuses().of(writer).isEmpty()
                && !world.invariants().isLetBeAfterPause(writer)
                && sync.filter(state -> state.leader().equals(writer.name())).isPresent();
        if (counts && !outdated && mode != SynchronousMode.OFF) {
            furthest.merge(branch, end, Lsn::max);
            promised();
        }
    }

    void storeChanged(MemoryStore.Change change) {
        for (StoredKey key : change.puts()) {
            if (key.key().equals(SimEtcd.KEYS.config())) {
                mode = ClusterCodec.settings(key.value(), change.revision()).synchronousMode();
            }
            if (key.key().equals(SimEtcd.KEYS.sync())) {
                sync = world.etcd().view().sync().filter(state -> !state.isUnreadable());
                outdated = false;
                world.trace().say("etcd", "sync: " + key.value() + " (rev " + change.revision() + ")");
            }
        }
        if (change.deletes().contains(SimEtcd.KEYS.config())) {
            mode = SynchronousMode.OFF;
        }
        if (change.deletes().contains(SimEtcd.KEYS.sync())) {
            sync = Optional.empty();
            world.trace().say("etcd", "sync: deleted (rev " + change.revision() + ")");
        }
        if (mode == SynchronousMode.OFF || sync.isEmpty()) {
            furthest.clear();
        }
        promised();
    }

    /**
     * Whoever the store names may be elected at any moment, if it is not behind so many of the others; unless it has been
     * copied anew since it was named.
     */
    private void promised() {
        if (mode == SynchronousMode.OFF || sync.isEmpty() || outdated) {
            return;
        }
        int lacking = 0;
        for (SimNode node : world.nodes()) {
            Optional<String> lacks = missingIn(node.postgres().wal());
            if (lacks.isPresent()
                    && !node.postgres().isFreshCopy()
                    && sync.get().covers(node.name())) {
                lacking++;
                if (lacking > sync.get().quorum() || sync.get().leader().equals(node.name())) {
                    throw new Violation("I5: the store names %s, but %s".formatted(node.text(), lacks.get()));
                }
            }
        }
    }

    /** It is told to become a writer, and knows whether commits are to be confirmed by others then. */
    void authorised(SimNode node, SimAgent agent) {
        if (agent.settings().synchronousMode() == SynchronousMode.OFF) {
            toldInMode.remove(node.text());
        } else {
            toldInMode.add(node.text());
        }
    }

    /**
     * Whoever begins to write where others are named: what it acknowledges from now on, nobody would know of who is
     * elected next. A mode that is switched on while it begins holds from the next change of the names.
     */
    Optional<String> objectionToWriting(SimNode node) {
        boolean known = toldInMode.contains(node.text())
                && node.agent()
                        .filter(agent -> agent.settings().synchronousMode() != SynchronousMode.OFF)
                        .isPresent();
        return sync.filter(state -> known && !outdated && mode != SynchronousMode.OFF)
                .filter(state -> !state.leader().equals(node.name()))
                .map(state -> "the store says that %s leads".formatted(state.leader()));
    }

    /** Who had everything then says nothing about what was committed since; until somebody writes it anew. */
    void storeRestored(ClusterView then) {
        mode = then.settings().map(ClusterSettings::synchronousMode).orElse(SynchronousMode.OFF);
        sync = then.sync();
        outdated = true;
        furthest.clear();
    }

    /** Up to where it protects what was written, on each branch. */
    SortedMap<Long, Lsn> furthest() {
        return Collections.unmodifiableSortedMap(furthest);
    }

    /** What a log lacks, if anything. */
    Optional<String> missingIn(Wal wal) {
        return furthest.entrySet().stream()
                .filter(commit -> !wal.has(commit.getKey(), commit.getValue()))
                .map(commit -> "commits up to %s were acknowledged and are not in %s".formatted(commit.getValue(), wal))
                .findFirst();
    }

    /** What is wanted of a cluster that has had time: somebody beside the primary has everything, and commits go on. */
    Optional<String> unsettled(SimNode primary) {
        if (mode == SynchronousMode.OFF) {
            return Optional.empty();
        }
        boolean kept = sync.filter(state -> state.leader().equals(primary.name()))
                .filter(state -> !state.voters().isEmpty())
                .isPresent();
        return kept ? Optional.empty() : Optional.of("I8: nobody is synchronous to " + primary.text());
    }

    String describe() {
        return sync.map(ClusterCodec::json).orElse("none");
    }
}
