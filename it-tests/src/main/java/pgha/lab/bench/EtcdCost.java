package pgha.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what this agent and the machine's Patroni cost etcd, and prints one table.
 *
 * <p>Patroni allows no ttl below 20; beside our 5 it runs with that, and with the longest retry_timeout that fits.
 */
public final class EtcdCost {
    private static final List<Run> RUNS = List.of(
            new Run(Contender.OURS, 30, 10, 10),
            new Run(Contender.PATRONI, 30, 10, 10),
            new Run(Contender.OURS, 5, 1, 3),
            new Run(Contender.PATRONI, 20, 10, 5));
    private static final Duration IDLE = Duration.ofMinutes(1);

    private EtcdCost() {}

    /** The one argument is how many seconds each run is idle. */
    public static void main(String[] arguments) {
        Duration idle = arguments.length == 0 ? IDLE : Duration.ofSeconds(Long.parseLong(arguments[0]));
        List<Run.Costs> costs = new ArrayList<>();
        for (Run run : RUNS) {
            System.out.println("measuring " + run + " (ttl/loop_wait/retry_timeout)");
            costs.add(run.measure(idle));
            System.out.println(costs.getLast());
        }
        System.out.println(CostTable.render(costs));
        System.exit(0);
    }
}
