package pgha.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.HostPort;

/** Shows whose turn it is. */
final class EndpointsTest {
    private static final HostPort A = new HostPort("a", 1);
    private static final HostPort B = new HostPort("b", 1);
    private static final HostPort C = new HostPort("c", 1);

    private final Endpoints endpoints = new Endpoints(List.of(A, B, C), 1);

    @Test
    void theyTakeTurnsFromAnywhere() {
        assertThat(List.of(endpoints.next(), endpoints.next(), endpoints.next(), endpoints.next()))
                .containsExactly(B, C, A, B);
    }

    @Test
    void aSuspectIsPassedOver() {
        endpoints.suspect(C);
        assertThat(List.of(endpoints.next(), endpoints.next(), endpoints.next()))
                .containsExactly(B, A, B);
        endpoints.trust(C);
        assertThat(endpoints.next()).isEqualTo(C);
    }

    @Test
    void ifAllAreSuspectTheyTakeTurnsAgain() {
        List.of(A, B, C).forEach(endpoints::suspect);
        assertThat(List.of(endpoints.next(), endpoints.next(), endpoints.next()))
                .containsExactlyInAnyOrder(A, B, C);
        assertThat(endpoints.isSuspect(A)).isFalse();
    }

    @Test
    void oneEndpointIsAlwaysNext() {
        Endpoints one = new Endpoints(List.of(A), 17);
        one.suspect(A);
        assertThat(one.next()).isEqualTo(A);
        assertThat(one.next()).isEqualTo(A);
    }

    @Test
    void noneIsAnError() {
        assertThatThrownBy(() -> new Endpoints(List.of(), 0)).hasMessageContaining("no endpoints");
    }
}
