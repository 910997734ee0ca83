package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.Golden;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.BasicAuth;
import pgha.rest.Statuses;

class CommandEndpointsTest {
    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "[1]",
            "nonsense",
            "{\"leader\":\"pg1\"}",
            "{\"leader\":\"pg1\",\"candidate\":\"pg2\"}",
            "{\"leader\":\"pg1\",\"member\":\"pg2\"}",
            "{\"leader\":\"pg2\",\"candidate\":\"pg1\"}",
            "{\"leader\":\"pg1\",\"candidate\":\"pg1\"}",
            "{\"leader\":\"pg1\",\"candidate\":\"pg9\"}",
            "{\"leader\":\"a/b\"}",
            "{\"leader\":{\"name\":\"pg1\"}}",
            "{\"leader\":\"pg1\",\"candidate\":[\"pg2\"]}",
            "{\"candidate\":\"pg2\"}",
            "{\"candidate\":\"pg9\"}",
            "{\"leader\":\"pg1\",\"scheduled_at\":\"2026-01-01T12:00:00+00:00\"}",
            "{\"leader\":\"pg1\",\"candidate\":\"pg1\",\"scheduled_at\":\"2026-01-01T12:00Z\"}",
            "{\"leader\":\"pg1\",\"scheduled_at\":\"2026-01-01T12:00\"}",
            "{\"leader\":\"pg1\",\"scheduled_at\":\"tomorrow\"}",
            "{\"leader\":\"pg1\",\"scheduled_at\":5}",
            "{\"leader\":\"pg1\",\"scheduled_at\":false}",
            "{\"candidate\":\"pg2\",\"scheduled_at\":\"2026-01-01T12:00:00+00:00\"}");

    /** What each body gets, where that is different from what it gets from {@code usual}. */
    private static String section(String title, Statuses status, Router usual) {
        Router router = Rigs.router(status.build());
        return title + "\n"
                + Stream.of("/switchover", "/failover")
                        .flatMap(path -> BODIES.stream()
                                .filter(body -> !line(router, path, body).equals(line(usual, path, body)))
                                .map(body -> line(router, path, body)))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String line(Router router, String path, String body) {
        Response response = router.answer(Rigs.request("POST", path, Optional.empty(), Optional.of(body)))
                .join();
        return "  POST %s %s\n      %d %s\n".formatted(path, body, response.code(), response.body());
    }

    @Test
    void ordersAreRefusedInPatronisWords() {
        Statuses paused = Statuses.leader();
        paused.paused = true;
        Statuses alone = Statuses.leader();
        alone.members = List.of(Statuses.leadingMember());
        Statuses synchronous = Statuses.leader();
        synchronous.mode = SynchronousMode.ON;
        synchronous.sync = Optional.of(Statuses.voters());

        Router usual = Rigs.router(Statuses.leader().build());
        Router closed = restricted(List.of("10.0.0.0/8"), false);

        Golden.compare(
                "commands.txt",
                section("two members", Statuses.leader(), closed)
                        + section("different when paused", paused, usual)
                        + section("different with one member", alone, usual)
                        + section("different when synchronous and nobody is in sync", synchronous, usual));
    }

    private static String send(String method, String path, Optional<String> body) {
        Response response = Rigs.router(Statuses.leader().build())
                .answer(Rigs.request(method, path, Optional.empty(), body))
                .join();
        return "%d %s %s".formatted(response.code(), response.contentType(), response.body());
    }

    @Test
    void settingsAreChangedByJsonObjects() {
        assertThat(send("PATCH", "/config", Optional.of("{\"ttl\": 20, \"pause\": null}")))
                .isEqualTo("200 application/json {\"ttl\":20,\"pause\":null}");
        assertThat(send("PUT", "/config", Optional.of("{\"ttl\":20}")))
                .isEqualTo("502 text/html cannot change the configuration");
        assertThat(send("PATCH", "/config", Optional.empty())).startsWith("411 ");
        assertThat(send("PATCH", "/config", Optional.of("{}")))
                .isEqualTo("400 text/html cannot read the body: it is empty; send a JSON object");
        assertThat(send("PUT", "/config", Optional.of("[1]")))
                .isEqualTo("400 text/html cannot read the body: it is JSON, but no object");
        assertThat(send("PUT", "/config", Optional.of("ttl: 20")))
                .isEqualTo("400 text/html cannot read the body: it is not JSON; send a JSON object");
    }

    @Test
    void aScheduledSwitchoverIsTakenBackWithoutABody() {
        assertThat(send("DELETE", "/switchover", Optional.empty()))
                .isEqualTo("200 text/html scheduled switchover deleted");
        assertThat(send("DELETE", "/config", Optional.empty())).startsWith("501 ");
    }

    @Test
    void aCommandNeedsALength() {
        for (String path : List.of("/switchover", "/failsafe")) {
            Response response = Rigs.router(Statuses.leader().build())
                    .answer(Rigs.request("POST", path, Optional.empty(), Optional.empty()))
                    .join();

            assertThat(response.code()).isEqualTo(411);
        }
    }

    @Test
    void unsafeVerbsNeedThePasswordAndSafeOnesDoNot() {
        Router router =
                Rigs.router(Statuses.leader().build(), Rigs.config(Optional.of(new BasicAuth("postgres", "geheim"))));
        String good = "Basic cG9zdGdyZXM6Z2VoZWlt";

        assertThat(post(router, Optional.empty())).isEqualTo("401 no auth header received");
        assertThat(post(router, Optional.of("Basic bm9ib2R5OmdlaGVpbQ=="))).isEqualTo("401 not authenticated");
        assertThat(post(router, Optional.of(good))).startsWith("200 ");
        assertThat(router.answer(Rigs.get("/patroni")).join().code()).isEqualTo(200);
    }

    @Test
    void detachingNeedsNoBodyButThePassword() {
        Router open = Rigs.router(Statuses.leader().build());
        Router locked =
                Rigs.router(Statuses.leader().build(), Rigs.config(Optional.of(new BasicAuth("postgres", "geheim"))));
        Request order = Rigs.request("POST", "/detach", Optional.empty(), Optional.empty());

        assertThat(open.answer(order).join()).isEqualTo(Response.text(202, "detaching"));
        assertThat(locked.answer(order).join().code()).isEqualTo(401);
    }

    @Test
    void theAllowlistClosesUnsafeVerbsForOthers() {
        assertThat(post(restricted(List.of("10.0.0.0/8"), false))).isEqualTo("403 Access is denied");
        assertThat(post(restricted(List.of("10.0.0.1", "127.0.0.0/8"), false))).startsWith("200 ");
        assertThat(post(restricted(List.of("localhost"), false))).startsWith("200 ");
        assertThat(post(restricted(List.of(), true))).isEqualTo("403 Access is denied");
    }

    private static Router restricted(List<String> allowlist, boolean members) {
        HostPort listen = new HostPort("127.0.0.1", 8008);
        return Rigs.router(
                Statuses.leader().build(),
                new RestConfig(
                        listen,
                        listen,
                        Optional.empty(),
                        Optional.empty(),
                        allowlist,
                        members,
                        RestConfig.Headers.PLAIN));
    }

    private static String post(Router router) {
        return post(router, Optional.empty());
    }

    private static String post(Router router, Optional<String> authorization) {
        Response response = router.answer(Rigs.request(
                        "POST",
                        "/switchover",
                        authorization,
                        Optional.of("{\"leader\":\"pg1\",\"candidate\":\"pg2\"}")))
                .join();
        return response.code() + " " + response.body();
    }
}
