package pgha.lab.soak;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.Call;
import pgha.lab.history.Overlap;
import pgha.lab.soak.Arena.Replication;

/**
 * What the strikes of a round excuse, each by whom it hit and when. Pure.
 *
 * <p>An asynchronous cluster may lose rows that a node acknowledged if a strike took that very node, between the row and the
 * next leader's first acknowledgement. Nodes may answer directly at once where agent and guard were down on one node
 * together, where its host stood still, and where somebody had changed the keys of etcd.
 */
final class Excuses {
    private static final Set<Fault> TAKE_THE_NODE = EnumSet.of(
            Fault.POWER_LOSS,
            Fault.HOST_FROZEN,
            Fault.LINK_FLAP,
            Fault.NODE_ALONE,
            Fault.NODE_FROM_PEERS_AND_ETCD,
            Fault.ONE_WAY_OUT,
            Fault.ONE_WAY_IN);
    private static final Set<Fault> CUT_FROM_ETCD =
            EnumSet.of(Fault.NODE_FROM_ETCD, Fault.TO_ETCD_ONE_WAY, Fault.FROM_ETCD_ONE_WAY);
    private static final Set<Fault> LOSE_ETCD =
            EnumSet.of(Fault.ETCD_MAJORITY_LOST, Fault.ETCD_LOST, Fault.ETCD_MEMBERS_APART);
    private static final Set<Fault> HINDER_A_STOP = EnumSet.of(Fault.POSTMASTER_STOPPED, Fault.SLOW_SHUTDOWN);
    private static final Set<Fault> KILL_THE_AGENT =
            EnumSet.of(Fault.AGENT_KILLED, Fault.AGENT_OUT_OF_MEMORY, Fault.AGENT_AND_GUARD_KILLED);

    /** A new agent is a Java program that starts beside others that do: 23 s were seen on a busy machine. */
    private static final Duration AGENT_STARTS = Duration.ofSeconds(30);
    /** What goes on after it stood still finds the deadline over and kills. */
    private static final Duration WOKEN_UP = Duration.ofSeconds(2);
    /** An agent misses its guard within a second and starts another; likewise a postmaster. */
    private static final Duration MENDED = Duration.ofSeconds(2);
    /** What the lab's clusters have; who was overtaken in the store may write until its term ends. */
    private static final Duration TTL = Duration.ofSeconds(5);

    private final List<Hit> hits;
    private final Replication replication;

    Excuses(List<Hit> hits, Replication replication) {
        this.hits = List.copyOf(hits);
        this.replication = replication;
    }

    /** True if {@code lost} may be; {@code overtakenAt} is when somebody acknowledged on a later timeline. */
    boolean loss(Ack lost, long overtakenAt) {
        if (replication == Replication.SYNCHRONOUS) {
            return false;
        }
        Call call = lost.call();
        String host = lost.by().host();
        Span writing = new Span(call.startedAt(), call.endedAt());
        Span inDoubt = new Span(call.startedAt(), overtakenAt);
        return taken(host).anyMatch(inDoubt::meets)
                // Who writes where nothing can stop it writes where nobody will look; the VIP has left in time.
                || (!call.isViaVip()
                        && Stream.of(unwatched(host), promiseBroken(), frozen(host))
                                .flatMap(spans -> spans)
                                .anyMatch(writing::meets));
    }

    /** True if the older node may have answered yet: never through the VIP, and no append that had to be replicated. */
    boolean overlap(Overlap overlap) {
        if (overlap.path() == Overlap.Path.VIP
                || (replication == Replication.SYNCHRONOUS && overlap.answer() == Overlap.Answer.APPEND)) {
            return false;
        }
        String host = overlap.older().host();
        return Stream.of(frozen(host), unwatched(host), promiseBroken())
                .flatMap(spans -> spans)
                .anyMatch(span -> span.has(overlap.firstAt()) && span.has(overlap.lastAt()));
    }

    /** When the node's database was gone for the others, and what it had not sent with it. */
    private Stream<Span> taken(String host) {
        Stream<Span> alone = on(host, TAKE_THE_NODE).map(Excuses::untilHeard);
        // Who cannot be followed goes on leading, unless something else ends it.
        Stream<Span> unheard = hits.stream()
                .filter(hit -> hit.fault() == Fault.RING || (hit.fault() == Fault.NODE_FROM_PEERS && hit.isOn(host)))
                .filter(hit -> hits.size() > 1)
                .map(Excuses::untilHeard);
        return Stream.of(alone, unheard, crashed(host), fencedByACut(host)).flatMap(spans -> spans);
    }

    /** The postmaster is dead and nobody is there who would start it again. */
    private Stream<Span> crashed(String host) {
        return on(host, Set.of(Fault.POSTMASTER_KILLED))
                .map(hit -> hit.atOnce(MENDED))
                .flatMap(dead -> agentDown(host).filter(dead::meets));
    }

    /** The store is out of reach and PostgreSQL does not stop in order: it is killed before the lease ends. */
    private Stream<Span> fencedByACut(String host) {
        Stream<Hit> cuts =
                Stream.concat(on(host, CUT_FROM_ETCD), hits.stream().filter(hit -> LOSE_ETCD.contains(hit.fault())));
        List<Span> hindered =
                on(host, HINDER_A_STOP).map(hit -> hit.lasting(Duration.ZERO)).toList();
        return cuts.map(hit -> hit.lasting(Duration.ZERO))
                .filter(cut -> hindered.stream().anyMatch(cut::meets));
    }

    /** When nothing on the host could act, until it has. */
    private Stream<Span> frozen(String host) {
        return on(host, Set.of(Fault.HOST_FROZEN)).map(hit -> hit.lasting(WOKEN_UP));
    }

    /** When neither agent nor guard could act on the node, until whoever is back first has acted. */
    private Stream<Span> unwatched(String host) {
        return agentDown(host).flatMap(agent -> guardDown(host, agent));
    }

    private Stream<Span> agentDown(String host) {
        return Stream.concat(
                on(host, KILL_THE_AGENT).map(hit -> hit.lasting(AGENT_STARTS)),
                on(host, Set.of(Fault.AGENT_STOPPED)).map(hit -> hit.lasting(WOKEN_UP)));
    }

    /** The part of {@code agentDown} without a guard: only an agent starts another. */
    private Stream<Span> guardDown(String host, Span agentDown) {
        Stream<Span> killed = on(host, EnumSet.of(Fault.GUARD_KILLED, Fault.AGENT_AND_GUARD_KILLED))
                .map(hit -> hit.atOnce(MENDED))
                .flatMap(gone -> gone.shared(agentDown).stream())
                .map(both -> new Span(both.from(), agentDown.to()));
        Stream<Span> stopped =
                on(host, Set.of(Fault.GUARD_STOPPED)).flatMap(hit -> hit.lasting(WOKEN_UP).shared(agentDown).stream());
        return Stream.concat(killed, stopped);
    }

    /** When somebody may write whom the store does not name, whoever it is. */
    private Stream<Span> promiseBroken() {
        return hits.stream().flatMap(hit -> switch (hit.fault()) {
            case LEADER_OVERWRITTEN, LEADER_DELETED, SCOPE_WIPED -> Stream.of(hit.atOnce(TTL));
            case ETCD_GOES_BACK -> Stream.of(new Span(hit.endingAt(), hit.endedAt()).and(TTL));
            default -> Stream.empty();
        });
    }

    private Stream<Hit> on(String host, Set<Fault> faults) {
        return hits.stream().filter(hit -> hit.isOn(host) && faults.contains(hit.fault()));
    }

    /** TCP asks again after as long as it has waited already, so a cut is felt for twice its length. */
    private static Span untilHeard(Hit hit) {
        Duration again = hit.length().compareTo(TTL) < 0 ? hit.length() : TTL;
        return hit.lasting(again);
    }
}
