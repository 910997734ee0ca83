package pgha.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.HostPort;

/** Shows whose turn it is. */
final class EndpointsTest {
    private static final Endpoint A = ranked("a", 0);
    private static final Endpoint B = ranked("b", 0);
    private static final Endpoint C = ranked("c", 0);

    private final Endpoints endpoints = new Endpoints(List.of(A, B, C), 1);

    private static Endpoint ranked(String host, int rank) {
        return new Endpoint(new HostPort(host, 1), Optional.empty(), rank);
    }

    private static List<Endpoint> turns(Endpoints endpoints, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> endpoints.next().orElseThrow())
                .toList();
    }

    @Test
    void theyTakeTurnsFromAnywhere() {
        assertThat(turns(endpoints, 4)).containsExactly(B, C, A, B);
    }

    @Test
    void aSuspectIsPassedOver() {
        endpoints.suspect(C);
        assertThat(turns(endpoints, 3)).containsExactly(B, A, B);
        endpoints.trust(C);
        assertThat(turns(endpoints, 1)).containsExactly(C);
    }

    @Test
    void ifAllAreSuspectTheyTakeTurnsAgain() {
        List.of(A, B, C).forEach(endpoints::suspect);
        assertThat(turns(endpoints, 3)).containsExactlyInAnyOrder(A, B, C);
        assertThat(endpoints.isSuspect(A)).isFalse();
    }

    @Test
    void oneEndpointIsAlwaysNext() {
        Endpoints one = new Endpoints(List.of(A), 17);
        one.suspect(A);
        assertThat(turns(one, 2)).containsExactly(A, A);
    }

    @Test
    void whileNoneIsKnownItIsNobodysTurn() {
        Endpoints none = new Endpoints(List.of(), 17);
        assertThat(none.next()).isEmpty();
        none.use(List.of(A));
        assertThat(none.next()).contains(A);
    }

    @Test
    void aHigherRankIsForWhenNobodyOfALowerOneAnswers() {
        Endpoint spare = ranked("spare", 10);
        endpoints.use(List.of(A, B, spare));

        assertThat(turns(endpoints, 3)).containsExactly(A, B, A);
        endpoints.suspect(A);
        endpoints.suspect(B);
        assertThat(turns(endpoints, 2)).containsExactly(spare, spare);
        endpoints.trust(B);
        assertThat(turns(endpoints, 2)).containsExactly(B, B);
    }

    @Test
    void theSameOnesInAnotherOrderChangeNothing() {
        endpoints.suspect(C);
        endpoints.use(List.of(C, B, A));
        assertThat(turns(endpoints, 3)).containsExactly(B, A, B);
    }

    @Test
    void othersBeginWithTheFirstAndKeepWhatIsKnownOfThem() {
        endpoints.suspect(C);
        endpoints.use(List.of(ranked("d", 0), C));
        assertThat(turns(endpoints, 2)).containsExactly(ranked("d", 0), ranked("d", 0));
        assertThat(endpoints.isSuspect(C)).isTrue();
    }

    @Test
    void whatIsAddedIsBehindWhatIsThere() {
        endpoints.use(List.of(A));
        endpoints.add(List.of(A, B));
        assertThat(turns(endpoints, 3)).containsExactly(A, B, A);
    }
}
