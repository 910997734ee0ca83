package pgha.rest.server;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import pgha.rest.Golden;
import pgha.rest.Statuses;

class NodeEndpointsTest {
    private static final List<String> RESTARTS = List.of(
            "",
            "{}",
            "[1]",
            "nonsense",
            "{\"role\":\"primary\",\"postgres_version\":\"16.4\",\"restart_pending\":true,\"timeout\":\"60s\"}",
            "{\"role\":\"standby_leader\",\"postgres_version\":\"9.5.2\",\"timeout\":\"2min\"}",
            "{\"role\":\"replica\",\"timeout\":90}",
            "{\"role\":\"master\"}",
            "{\"role\":[\"primary\"]}",
            "{\"postgres_version\":\"16\"}",
            "{\"postgres_version\":\"16.4.1\"}",
            "{\"postgres_version\":\"latest\"}",
            "{\"timeout\":0}",
            "{\"timeout\":\"-5\"}",
            "{\"timeout\":\"soon\"}",
            "{\"restart_pending\":null}",
            "{\"restart_pending\":\"maybe\"}",
            "{\"restart_pending\":{}}",
            "{\"restart_pending\":\"off\"}",
            "{\"schedule\":5}",
            "{\"when\":\"later\"}",
            "{\"schedule\":\"2026-01-01T12:00:00+00:00\"}",
            "{\"schedule\":\"2026-01-01 12:00:00.5+0130\",\"role\":\"replica\",\"restart_pending\":true}",
            "{\"schedule\":\"2026-01-01T12:00\"}",
            "{\"schedule\":\"2026-02-30T12:00Z\"}");

    private static final List<String> REINITIALIZATIONS = List.of(
            "",
            "{}",
            "nonsense",
            "{\"force\":true}",
            "{\"force\":\"true\",\"from_leader\":\"on\"}",
            "{\"from-leader\":1}",
            "{\"force\":\"maybe\"}",
            "{\"force\":\"No\",\"from_leader\":2}",
            "{\"force\":null,\"from_leader\":\"\"}",
            "{\"force\":{}}");

    @Test
    void whatDoesNotMakeSenseIsRefusedInPatronisWords() {
        Golden.compare(
                "node-orders.txt",
                section("POST", "/restart", RESTARTS)
                        + section("POST", "/reinitialize", REINITIALIZATIONS)
                        + section("POST", "/reload", List.of(""))
                        + section("DELETE", "/restart", List.of("")));
    }

    private static String section(String method, String path, List<String> bodies) {
        Router router = Rigs.router(Statuses.replica().build());
        return bodies.stream()
                .map(body -> {
                    Response response = router.answer(Rigs.request(method, path, Optional.empty(), Optional.of(body)))
                            .join();
                    return "%s %s %s\n    %d %s\n".formatted(method, path, body, response.code(), response.body());
                })
                .collect(Collectors.joining("", "", "\n"));
    }
}
