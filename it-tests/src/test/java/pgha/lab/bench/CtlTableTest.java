package pgha.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pgha.lab.LabException;

class CtlTableTest {
    @Test
    void aRowHasTheMedianOfItsRuns() {
        List<CtlTable.Run> runs = Stream.of("0.412 0.200 0.100", "0.250 0.150 0.050", "0.300 0.160 0.040")
                .map(CtlTable.Run::parse)
                .toList();

        assertThat(CtlTable.render(List.of(new CtlTable.Row("list", runs)))).isEqualTo("""
                | command | median s | slowest s | processor s |
                |---|--:|--:|--:|
                | agentctl list | 0.300 | 0.412 | 0.200 |""");
    }

    @Test
    void whatIsNoTimeIsNotTakenForOne() {
        assertThatThrownBy(() -> CtlTable.Run.parse("Error: no"))
                .isInstanceOf(LabException.class)
                .hasMessage("cannot read \"Error: no\" as times of a shell");
    }
}
