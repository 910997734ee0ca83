package pgha.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LocalAddressesTest {
    @Test
    void findsTheAddressesThatTheKernelAnswersForAndNoOthers() {
        String trie = """
                Main:
                  +-- 0.0.0.0/0 3 0 5
                     +-- 10.77.0.0/24 2 0 2
                        |-- 10.77.0.0
                           /24 link UNICAST
                Local:
                  +-- 0.0.0.0/0 3 0 5
                     +-- 10.77.0.0/24 2 0 2
                        |-- 10.77.0.0
                           /24 link UNICAST
                        |-- 10.77.0.11
                           /32 host LOCAL
                        |-- 10.77.0.100
                           /32 host LOCAL
                        |-- 10.77.0.255
                           /32 link BROADCAST
                """;

        assertThat(LocalAddresses.parse(trie.lines().toList())).containsExactly("10.77.0.100", "10.77.0.11");
    }
}
