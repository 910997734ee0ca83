package pgha.agent.sim;

import java.util.Optional;
import pgha.agent.ha.TaskSpec.Upstream;

/**
 * How one server comes by another's log: it replays its own first, and receives what the upstream has from then on.
 *
 * <p>Whoever asks it meanwhile hears how far it has replayed, and not how much it has.
 */
final class SimReceiver {
    private final World world;
    private final SimNode node;
    private Optional<Upstream> upstream = Optional.empty();
    private Optional<Wal> seen = Optional.empty();
    private boolean replaying;
    private boolean hangs;

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
    }

    void disconnected() {
        seen = Optional.empty();
        replaying = false;
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

    /** A connected walreceiver that still lacks something keeps a stopping primary waiting. */
    boolean isWaitedForBy(SimPostgres primary) {
        Wal ours = node.postgres().wal();
        return node.postgres().isStreaming() && !ours.equals(primary.wal()) && ours.isPrefixOf(primary.wal());
    }

    /** What is there of the upstream now, if it can be reached and goes on where we are. */
    void receive() {
        Optional<SimPostgres> from = connected();
        seen = from.map(SimPostgres::wal);
        if (from.isEmpty()) {
            return;
        }
        if (!hangs && !node.postgres().wal().equals(from.get().wal())) {
            node.postgres().replicate(from.get().wal());
        }
        node.postgres().commits().tell(from.get(), node.postgres().wal().end());
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
