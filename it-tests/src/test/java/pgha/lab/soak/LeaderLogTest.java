package pgha.lab.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LeaderLogTest {
    private static final String LEADER = "/service/soak/leader";
    private static final String STATUS = "/service/soak/status";

    private final LeaderLog log = new LeaderLog("soak");

    @Test
    void aKeyThatGoesTakesTheLastPublishedPositionWithIt() {
        long revision = log.snapshot(snapshot(pair(LEADER, "pg-1"), pair(STATUS, "{\"optime\":100}")), 1);
        log.changes(watch(put(STATUS, "{\"optime\":200,\"slots\":{}}")), 2);
        log.changes(watch(put(STATUS, "{\"optime\":250}"), delete(LEADER)), 3);
        log.changes(watch(put(LEADER, "pg-2")), 4);
        log.changes(watch(put(STATUS, "{\"optime\":300}")), 5);
        log.changes(watch(put(LEADER, "pg-2")), 6);
        log.changes(watch(put(LEADER, "pg-3")), 7);

        assertThat(revision).isEqualTo(17);
        assertThat(log.handovers()).containsExactly(new Handover("pg-1", 250, 3), new Handover("pg-2", 300, 7));
    }

    @Test
    void whatHappenedInAGapIsOneHandoverWithThePositionBeforeIt() {
        log.snapshot(snapshot(pair(LEADER, "pg-1"), pair(STATUS, "{\"optime\":100}")), 1);
        log.snapshot(snapshot(pair(LEADER, "pg-1"), pair(STATUS, "{\"optime\":150}")), 2);
        log.snapshot(snapshot(pair(LEADER, "pg-2"), pair(STATUS, "{\"optime\":900}")), 3);

        assertThat(log.handovers()).containsExactly(new Handover("pg-1", 150, 3));
    }

    @Test
    void ofSeveralHandoversTheLastBeforeTheNextLeaderCountsOrElseTheFirst() {
        List<Handover> all = List.of(
                new Handover("pg-1", 100, 10),
                new Handover("pg-2", 200, 20),
                new Handover("pg-1", 300, 30),
                new Handover("pg-1", 400, 40));

        assertThat(Handover.before(35, "pg-1", all)).contains(all.get(2));
        assertThat(Handover.before(5, "pg-1", all)).contains(all.getFirst());
        assertThat(Handover.before(35, "pg-3", all)).isEmpty();
    }

    private static String snapshot(String... pairs) {
        return "{\"header\":{\"revision\":17},\"kvs\":[" + String.join(",", pairs) + "],\"count\":2}";
    }

    private static String watch(String... events) {
        return Stream.of(events)
                .collect(
                        Collectors.joining(",", "{\"Header\":{\"revision\":18},\"Events\":[", "],\"Canceled\":false}"));
    }

    private static String put(String key, String value) {
        return "{\"kv\":" + pair(key, value) + "}";
    }

    private static String delete(String key) {
        return "{\"type\":1,\"kv\":{\"key\":\"" + encoded(key) + "\"}}";
    }

    private static String pair(String key, String value) {
        return "{\"key\":\"" + encoded(key) + "\",\"value\":\"" + encoded(value) + "\"}";
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
