package pgha.dcs.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.dcs.model.HostPort;

/** What an SRV record says, and in which order several are tried. */
final class SrvRecordTest {
    private final Random random = new Random(17);

    private static SrvRecord record(int priority, int weight, String host) {
        return new SrvRecord(priority, weight, new HostPort(host, 2379));
    }

    private List<String> hosts(SrvRecord... records) {
        return SrvRecord.inOrder(List.of(records), random).stream()
                .map(record -> record.target().host())
                .toList();
    }

    @Test
    void aRecordIsFourWords() {
        assertThat(SrvRecord.parse("10 60 2379 etcd-1.example.org."))
                .contains(new SrvRecord(10, 60, new HostPort("etcd-1.example.org", 2379)));
        assertThat(SrvRecord.parse("0 0 65535 10.0.0.1"))
                .contains(new SrvRecord(0, 0, new HostPort("10.0.0.1", 65535)));
    }

    @Test
    void aDotSaysThatThereIsNoSuchService() {
        assertThat(SrvRecord.parse("0 0 0 .")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a.org", "0 0 a.org", "0 0 0 a.org", "0 0 65536 a.org", "-1 0 1 a.org", "0 0 1 a/b.org"})
    void anythingElseIsNone(String text) {
        assertThatThrownBy(() -> SrvRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLowestPriorityIsFirstWhateverItsWeight() {
        for (int i = 0; i < 100; i++) {
            assertThat(hosts(record(20, 1000, "c"), record(10, 0, "b"), record(0, 1, "a")))
                    .containsExactly("a", "b", "c");
        }
    }

    /** By the seed of this test, and near three to one by RFC 2782. */
    @Test
    void aWeightIsAShareOfTheClients() {
        long heavy = Stream.generate(() -> hosts(record(0, 1, "light"), record(0, 3, "heavy")))
                .limit(4000)
                .filter(hosts -> hosts.getFirst().equals("heavy"))
                .count();
        // A ticket of zero, one of five, is the first record's too.
        assertThat(heavy).isBetween(2200L, 2600L);
    }

    @Test
    void withoutWeightsAllAreThere() {
        assertThat(hosts(record(0, 0, "a"), record(0, 0, "b"), record(0, 0, "c")))
                .containsExactlyInAnyOrder("a", "b", "c");
        assertThat(hosts()).isEmpty();
    }
}
