package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.Attempt;
import pgha.lab.workload.Verdict;
import pgha.lab.workload.Workload;

/**
 * Agents that stand still at random moments around a promotion, a start as primary and the binding of the address, for
 * longer than the lease, and go on then with whatever they were about to do.
 *
 * <p>{@code -Dfreeze.rounds=200} plays more of them, {@code -Dfreeze.seed=…} the same again.
 */
final class FreezeIT {
    @Order(1)
    @RegisterExtension
    static final WalArchive ARCHIVE = WalArchive.named("freezeit");

    @Order(2)
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("freezeit", ARCHIVE::usedBy);

    private static final int ROUNDS = Integer.getInteger("freeze.rounds", 12);
    private static final long SEED = Long.getLong("freeze.seed", System.nanoTime() % 1_000_000);
    /** Not a promise: on a machine with other work a rewind alone may take half a minute. */
    private static final Duration RECOVERY = Duration.ofMinutes(4);
    /** The lease is 5 s. */
    private static final int LONGER_THAN_THE_LEASE_MILLIS = 5_500;

    /** What is under way when an agent is stopped. */
    private enum Moment {
        /** The candidate is about to promote and to bind the address. */
        SWITCHOVER_CANDIDATE(1_000),
        /** The primary is about to stop its server and to give the key away. */
        SWITCHOVER_LEADER(600),
        /** The primary is about to start its server again. */
        CRASH(400),
        /** Somebody is about to stand in for a primary whose agent is stopped already. */
        ELECTION(2_000);

        private final int spreadMillis;

        Moment(int spreadMillis) {
            this.spreadMillis = spreadMillis;
        }
    }

    private final Random random = new Random(SEED);
    private final NavigableMap<Long, String> rounds = new TreeMap<>();

    @Test
    void nobodyWritesBesideAnotherWhenStoppedAgentsGoOn() {
        LabCluster cluster = RIG.cluster();
        System.out.printf("freeze.seed=%d freeze.rounds=%d%n", SEED, ROUNDS);
        rounds.put(System.nanoTime(), "before round 1");
        Workload workload = Workload.start(cluster);
        try (workload) {
            for (int round = 1; round <= ROUNDS; round++) {
                long began = System.nanoTime();
                play(cluster, round);
                assertThat(workload.vip().conflicts())
                        .as("the VIP at two hosts, in round " + round)
                        .isEmpty();
                assertThat(Verdict.overlaps(since(began, workload)))
                        .as("writers at the same time, in round " + round)
                        .isEmpty();
            }
            workload.awaitWritesAfter(System.nanoTime(), RECOVERY);
        }
        List<Attempt> attempts = workload.journal().attempts();
        Set<String> lost = Verdict.lost(attempts, Workload.present(cluster));
        System.out.printf(
                "%d moments: %d writes acknowledged on %d timelines, %d of these rows are missing now (asynchronous)%n",
                ROUNDS,
                attempts.stream().filter(Attempt::isAcknowledged).count(),
                attempts.stream()
                        .mapToInt(Attempt::timeline)
                        .filter(t -> t > 0)
                        .distinct()
                        .count(),
                lost.size());
        tellWhatIsMissing(attempts, lost);

        assertThat(Verdict.overlaps(attempts)).as("writers at the same time").isEmpty();
        assertThat(workload.vip().conflicts()).as("the VIP at two hosts").isEmpty();
    }

    /** In which rounds, and in what time: a primary whose agent is stopped may write while no replica is connected yet. */
    private void tellWhatIsMissing(List<Attempt> attempts, Set<String> lost) {
        SortedMap<Long, List<Attempt>> missing = new TreeMap<>();
        attempts.stream().filter(attempt -> lost.contains(attempt.key())).forEach(attempt -> missing.computeIfAbsent(
                        rounds.floorKey(attempt.sentAt()), began -> new ArrayList<>())
                .add(attempt));
        missing.forEach((began, rows) -> System.out.printf(
                "%s: %d rows are missing, acknowledged by %s within %d ms%n",
                rounds.get(began),
                rows.size(),
                rows.stream().map(Attempt::target).collect(Collectors.toCollection(TreeSet::new)),
                (rows.getLast().endedAt() - rows.getFirst().endedAt()) / 1_000_000));
    }

    private static List<Attempt> since(long began, Workload workload) {
        return workload.journal().attempts().stream()
                .filter(attempt -> attempt.endedAt() - began > 0)
                .toList();
    }

    private void play(LabCluster cluster, int round) {
        Moment moment = Moment.values()[round % Moment.values().length];
        LabNode primary = cluster.awaitPrimary();
        List<LabNode> replicas = cluster.replicas();
        LabNode other = replicas.get(random.nextInt(replicas.size()));
        List<LabProcess> stopped = new ArrayList<>();
        long began = System.nanoTime();
        rounds.put(began, "round " + round + ", " + moment + " of " + primary.name());
        int after = random.nextInt(moment.spreadMillis);
        switch (moment) {
            case SWITCHOVER_CANDIDATE -> {
                order(primary, other);
                stopped.add(stop(other, after));
            }
            case SWITCHOVER_LEADER -> {
                order(primary, other);
                stopped.add(stop(primary, after));
            }
            case CRASH -> {
                primary.runningPostmaster().signal(Signal.KILL);
                stopped.add(stop(primary, after));
            }
            case ELECTION -> {
                stopped.add(stop(primary, 0));
                stopped.add(stop(other, 4_500 + after));
            }
        }
        Faults.last(Duration.ofMillis(LONGER_THAN_THE_LEASE_MILLIS + random.nextInt(2_500)));
        stopped.forEach(agent -> agent.signal(Signal.CONT));
        if (!Patience.until(RECOVERY, cluster::isReady)) {
            throw new LabException("no cluster after round " + round + " of seed " + SEED + ", " + moment + " after "
                    + after + " ms:\n" + cluster.explain());
        }
        System.out.printf(
                "round %d: %s of %s, %s stopped after %d ms; ready after %d ms%n",
                round,
                moment,
                primary.name(),
                moment == Moment.SWITCHOVER_LEADER || moment == Moment.CRASH ? primary.name() : other.name(),
                after,
                (System.nanoTime() - began) / 1_000_000);
    }

    /** The answer is of no interest: whoever would give it may be stopped. */
    private static void order(LabNode from, LabNode to) {
        String body = "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(from.name(), to.name());
        Thread.ofVirtual().start(() -> from.request("POST", "/switchover", body));
    }

    private static LabProcess stop(LabNode node, int afterMillis) {
        LabProcess agent = node.runningAgent();
        Faults.last(Duration.ofMillis(afterMillis));
        agent.signal(Signal.STOP);
        return agent;
    }
}
