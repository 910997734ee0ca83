package pgha.dcs.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows how a patch changes the settings document. */
final class MergePatchTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // document | patch | result
                "{\"a\":1}           | {\"b\":2}                | {\"a\":1,\"b\":2}",
                "{\"a\":1,\"b\":2}   | {\"a\":null}             | {\"b\":2}",
                "{\"a\":1}           | {\"a\":\"1\"}            | {\"a\":1}",
                "{\"a\":1}           | {\"a\":\"2\"}            | {\"a\":\"2\"}",
                "{\"a\":{\"b\":1}}   | {\"a\":{\"c\":2}}        | {\"a\":{\"b\":1,\"c\":2}}",
                "{\"a\":{\"b\":1}}   | {\"a\":{\"b\":null}}     | {\"a\":{}}",
                "{\"a\":1}           | {\"a\":{\"b\":1}}        | {\"a\":{\"b\":1}}",
                "{\"a\":{\"b\":1}}   | {\"a\":5}                | {\"a\":5}",
                "{}                  | {\"slots\":{\"x\":null}} | {\"slots\":{\"x\":null}}",
                "{\"a\":[1]}         | {\"a\":[2,3]}            | {\"a\":[2,3]}",
                "{\"a\":null}        | {\"a\":\"null\"}         | {\"a\":\"null\"}",
            })
    void aPatchIsMerged(String document, String patch, String result) {
        assertThat(ClusterCodec.mergePatch(document, patch)).isEqualTo(result);
    }

    @Test
    void onlyObjectsAreMerged() {
        assertThatThrownBy(() -> ClusterCodec.mergePatch("{}", "[]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a JSON object: \"[]\"");
    }
}
