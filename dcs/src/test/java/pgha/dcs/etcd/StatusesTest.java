package pgha.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows what a status says about the request. The descriptions are etcd's own. */
final class StatusesTest {
    @ParameterizedTest
    @CsvSource({
        // code, description, certainly did not happen, the endpoint is of no use, a new token helps
        "NOT_FOUND, etcdserver: requested lease not found, true, false, false",
        "UNAVAILABLE, etcdserver: request timed out, false, true, false",
        "UNAVAILABLE, etcdserver: no leader, false, true, false",
        "UNKNOWN, not a primary lessor, false, true, false",
        "DEADLINE_EXCEEDED, '', false, true, false",
        "RESOURCE_EXHAUSTED, etcdserver: mvcc: database space exceeded, false, false, false",
        "UNAUTHENTICATED, etcdserver: invalid auth token, true, false, true",
        "INVALID_ARGUMENT, etcdserver: user name is empty, true, false, true",
        "INVALID_ARGUMENT, etcdserver: revision of auth store is old, true, false, true",
        "PERMISSION_DENIED, etcdserver: permission denied, true, false, false",
    })
    void aStatusSaysWhetherItHappened(
            Status.Code code, String description, boolean certainNo, boolean blames, boolean newToken) {
        Status status = code.toStatus().withDescription(description);
        assertThat(Statuses.isCertainNo(status)).isEqualTo(certainNo);
        assertThat(Statuses.blamesEndpoint(status)).isEqualTo(blames);
        assertThat(Statuses.asksForNewToken(status)).isEqualTo(newToken);
    }

    @Test
    void theInnermostCauseIsTold() {
        Status status = Status.UNAVAILABLE
                .withDescription("io exception")
                .withCause(new IllegalStateException("x", new ConnectException("Connection refused: /127.0.0.1:1")));
        assertThat(Statuses.describe(status)).isEqualTo("Connection refused");
        assertThat(Statuses.describe(Status.UNAVAILABLE.withDescription("etcdserver: no leader")))
                .isEqualTo("etcdserver: no leader");
        assertThat(Statuses.describe(Status.CANCELLED)).isEqualTo("CANCELLED");
    }
}
