package pgha.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import pgha.lab.bench.Run.Costs;

class CostTableTest {
    @Test
    void aColumnIsARunAndWhatOneDidNotAskForIsZero() {
        Costs ours = new Costs(
                new Run(Contender.OURS, 30, 10, 10),
                reading(120, "message Watch", 170).since(reading(0, "message Watch", 10)),
                reading(20, "keys written", 9).since(reading(0, "keys written", 3)));
        Costs patronis = new Costs(
                new Run(Contender.PATRONI, 30, 10, 10),
                reading(60, "message Put", 9).since(reading(0, "message Put", 0)),
                reading(25, "keys written", 4).since(reading(0, "keys written", 0)));

        assertThat(CostTable.render(List.of(ours, patronis))).isEqualTo("""
                | idle, a minute                                 | pgha-agent 30/10/10 | Patroni 30/10/10 |
                |------------------------------------------------|--------------------:|-----------------:|
                | message Put                                    |                 0.0 |              9.0 |
                | message Watch                                  |                80.0 |              0.0 |
                | **one failover**                               |                     |                  |
                | seconds until the next primary has its replica |                20.0 |             25.0 |
                | keys written                                   |                   6 |                4 |
                """);
    }

    private static Reading reading(long second, String name, long value) {
        return new Reading(second * 1_000_000_000, new TreeMap<>(Map.of(name, value)));
    }
}
