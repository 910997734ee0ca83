package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Sender;
import pgha.agent.ha.Observation.Synchrony;
import pgha.agent.ha.SyncNames;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/**
 * The commits of one server that wait for others, and the walsenders that hear from those.
 *
 * <p>As PostgreSQL does: new names are seen by those who ask before all processes go by them, and where there were none,
 * nobody waits until the checkpointer has found the time to say so. What still waits when its session ends was never
 * acknowledged.
 */
final class SimCommits {
    /** A walsender does not notice at once that its peer is gone. */
    private static final Duration SENDER_TIMEOUT = Duration.ofSeconds(6);

    private static final int CLIENTS = 20;

    private record Commit(long branch, Lsn end, Moment since) {}

    private record Heard(Lsn flushed, Moment at) {}

    private final World world;
    private final SimNode node;
    private final List<Commit> waiting = new ArrayList<>();
    private final SortedMap<MemberName, Heard> senders = new TreeMap<>();
    private Optional<SyncNames> file = Optional.empty();
    private Optional<SyncNames> shown = Optional.empty();
    private SyncNames inForce = SyncNames.NOBODY;
    private boolean settled = true;
    private long change;

    SimCommits(World world, SimNode node) {
        this.world = world;
        this.node = node;
    }

    // Names

    void write(Optional<SyncNames> names) {
        file = names;
    }

    /** A server that starts reads the file before it does anything. */
    void started() {
        ended();
        change++;
        shown = file;
        inForce = file.orElse(SyncNames.NOBODY);
        settled = true;
    }

    /** SIGHUP: those who ask see it first. */
    void reload(Runnable seen) {
        long mine = ++change;
        Optional<SyncNames> names = file;
        world.after(world.pace().millis(1, 20), () -> {
            if (mine == change) {
                shown = names;
                settled = false;
                world.after(takes(names), () -> {
                    if (mine == change) {
                        inForce = names.orElse(SyncNames.NOBODY);
                        settled = true;
                        release();
                    }
                });
            }
            seen.run();
        });
    }

    /** The checkpointer may be busy, and walsenders take a moment. */
    private Duration takes(Optional<SyncNames> names) {
        boolean first = inForce.equals(SyncNames.NOBODY) && names.isPresent();
        return first && world.pace().percent(30)
                ? world.pace().millis(400, 4000)
                : world.pace().millis(10, 400);
    }

    // Commits

    /** A client's transaction, unless all clients wait. */
    void commit(long bytes) {
        if (waiting.size() < CLIENTS) {
            node.postgres().write(bytes);
            Wal wal = node.postgres().wal();
            waiting.add(new Commit(wal.branch(), wal.end(), world.now()));
            release();
        }
    }

    boolean isHeldUp() {
        return waiting.stream()
                .anyMatch(commit -> commit.since().plus(Duration.ofSeconds(1)).isBefore(world.now()));
    }

    /** No session is left that could be told. */
    void sessionsEnded() {
        waiting.clear();
    }

    void ended() {
        waiting.clear();
        senders.clear();
    }

    private void release() {
        waiting.removeIf(commit -> {
            boolean done = isConfirmed(commit.end());
            if (done) {
                world.acknowledged().add(node, commit.branch(), commit.end());
                world.kept().add(node, commit.branch(), commit.end());
            }
            return done;
        });
    }

    private boolean isConfirmed(Lsn end) {
        if (inForce.equals(SyncNames.ANYBODY)) {
            return senders.values().stream().anyMatch(heard -> !end.isAheadOf(heard.flushed()));
        }
        long have = inForce.names().stream()
                .map(senders::get)
                .filter(heard -> heard != null && !end.isAheadOf(heard.flushed()))
                .count();
        return have >= inForce.count();
    }

    // Walsenders and walreceivers

    private static boolean streams(SimNode from, SimNode source) {
        return from.postgres().isStreaming()
                && from.postgres()
                        .upstream()
                        .filter(up -> up.name().equals(source.name()))
                        .isPresent()
                && source.postgres().sends();
    }

    /** A replica tells its upstream how far it has flushed. */
    void tell(SimPostgres upstream, Lsn flushed) {
        int mine = node.postgres().pid();
        int theirs = upstream.pid();
        world.after(world.network().delay(), () -> {
            boolean connected =
                    upstream.pid() == theirs && node.postgres().pid() == mine && streams(node, upstream.commits().node);
            if (connected
                    && world.network()
                            .passes(node.text(), upstream.commits().node.text())) {
                upstream.commits().node.run(() -> upstream.commits().heard(node.name(), flushed));
            }
        });
    }

    /** A replica says what it has on disk. */
    void heard(MemberName from, Lsn flushed) {
        senders.put(from, new Heard(flushed, world.now()));
        release();
    }

    /** Those whose connection has ended, or who have not been heard of for long. */
    void lookAround() {
        SortedSet<MemberName> gone = new TreeSet<>();
        senders.forEach((name, heard) -> {
            SimNode other = world.node(name.value()).orElseThrow();
            boolean reachable = other.isUp() && world.network().passesBothWays(node.text(), other.text());
            boolean streams = streams(other, node);
            boolean silent = heard.at().plus(SENDER_TIMEOUT).isBefore(world.now());
            if (reachable ? !streams : silent) {
                gone.add(name);
            } else if (reachable) {
                senders.put(name, new Heard(heard.flushed(), world.now()));
            }
        });
        gone.forEach(senders::remove);
    }

    // What is seen of it

    Synchrony look() {
        return new Synchrony(shown.map(SyncNames::toString).orElse(""), "on", shown.isPresent(), settled);
    }

    List<Sender> senders() {
        SyncNames names = shown.orElse(SyncNames.NOBODY);
        List<Sender> list = new ArrayList<>();
        senders.forEach((name, heard) -> {
            Optional<Lsn> flushed = Optional.of(heard.flushed());
            String waited = names.any() ? "quorum" : "sync";
            String state = names.names().contains(name) ? waited : "async";
            list.add(new Sender("r", name.value(), "", "streaming", state, 0, flushed, flushed, flushed));
        });
        return list;
    }
}
