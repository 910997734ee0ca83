package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;

/**
 * How one server comes by another's log: it replays its own first, and receives what the upstream has from then on.
 *
 * <p>Whoever asks it meanwhile hears how far it has replayed, and not how much it has. What its upstream has may come
 * to it late, and then it has not replayed what came last either; what is on its way when the connection ends is lost.
 */
final class SimReceiver {
    private final World world;
    private final SimNode node;
    private Optional<Upstream> upstream = Optional.empty();
    private Optional<Wal> seen = Optional.empty();
    private boolean replaying;
    private boolean hangs;
    private Duration lag = Duration.ZERO;
    private Moment standsStillUntil = Moment.EARLIEST;
    private final Deque<Sent> onItsWay = new ArrayDeque<>();
    private Optional<Lsn> replayed = Optional.empty();

    private record Sent(Wal wal, Moment at) {}

    SimReceiver(World world, SimNode node) {
        this.world = world;
        this.node = node;
    }

    Optional<Upstream> upstream() {
        return upstream;
    }

    boolean isConnected() {
        return seen.isPresent();
    }

    /** It has not come to the end of its own log yet. */
    boolean isReplaying() {
        return replaying;
    }

    void follow(Optional<Upstream> from) {
        upstream = from;
        seen = Optional.empty();
        onItsWay.clear();
    }

    void disconnected() {
        seen = Optional.empty();
        replaying = false;
        onItsWay.clear();
        replayed = Optional.empty();
    }

    /** A server that comes up as a replica answers before it has replayed all that it has. */
    void cameUp() {
        replaying = world.pace().percent(25);
        int mine = node.postgres().pid();
        if (replaying) {
            node.postgres().disk().after(world.pace().millis(100, 8000), () -> {
                if (node.postgres().pid() == mine) {
                    replaying = false;
                }
            });
        }
    }

    void hang(boolean is) {
        hangs = is;
    }

    /** From now on everything comes so late; zero for no longer than it takes. */
    void lag(Duration by) {
        lag = by;
    }

    Duration lag() {
        return lag;
    }

    /** How far it has come with what it has. */
    Lsn replayed() {
        return replayed.orElseGet(() -> node.postgres().wal().end());
    }

    /** A connected walreceiver that still lacks something keeps a stopping primary waiting. */
    boolean isWaitedForBy(SimPostgres primary) {
        Wal ours = node.postgres().wal();
        return node.postgres().isStreaming() && !ours.equals(primary.wal()) && ours.isPrefixOf(primary.wal());
    }

    /** How far the upstream was when it last sent something. */
    Lsn heardOf() {
        return seen.map(Wal::end).orElse(Lsn.ZERO);
    }

    /** What is there of the upstream now, if it can be reached and goes on where we are. */
    void receive() {
        Optional<SimPostgres> from = connected();
        seen = from.map(SimPostgres::wal);
        if (from.isEmpty()) {
            onItsWay.clear();
            return;
        }
        onItsWay.add(new Sent(from.get().wal(), world.now()));
        Duration standstill =
                world.network().standstill(upstream.orElseThrow().name().value(), node.text());
        standsStillUntil = Moment.later(standsStillUntil, world.now().plus(standstill));
        Optional<Wal> arrived = hangs || world.now().isBefore(standsStillUntil) ? Optional.empty() : arrived();
        arrived.filter(wal -> !node.postgres().wal().equals(wal)).ifPresent(wal -> {
            replayed = Optional.of(node.postgres().wal().end()).filter(end -> !lag.isZero());
            node.postgres().replicate(wal);
        });
        node.postgres().commits().tell(from.get(), node.postgres().wal().end());
    }

    /** The latest of what has been on its way for long enough. */
    private Optional<Wal> arrived() {
        Optional<Wal> last = Optional.empty();
        while (!onItsWay.isEmpty() && !onItsWay.element().at().plus(lag).isAfter(world.now())) {
            last = Optional.of(onItsWay.remove().wal());
        }
        return last.filter(node.postgres().wal()::isPrefixOf);
    }

    /** The upstream, if it sends what we can go on with. */
    private Optional<SimPostgres> connected() {
        SimPostgres ours = node.postgres();
        boolean able = ours.isInRecovery()
                && !ours.isStopping()
                && !replaying
                && !ours.disk().isFull()
                && !ours.disk().isStalled();
        return upstream.filter(from -> able)
                .flatMap(from -> world.node(from.name().value()))
                .filter(source -> source.isUp() && world.network().passesBothWays(node.text(), source.text()))
                .map(SimNode::postgres)
                .filter(source -> source.sends()
                        && source.system().equals(ours.system())
                        && ours.wal().isPrefixOf(source.wal()));
    }
}
