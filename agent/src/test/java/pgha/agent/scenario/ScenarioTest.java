package pgha.agent.scenario;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import pgha.agent.sim.ScenarioWorld;

/** Plays every story below scenarios/: what happens to a cluster, and what each node does about it and why. */
class ScenarioTest {
    @TestFactory
    Stream<DynamicTest> stories() {
        return DataDriven.files("scenarios").stream()
                .map(file -> DynamicTest.dynamicTest(file.title(), () -> {
                    ScenarioWorld world = new ScenarioWorld();
                    file.run(world::execute);
                }));
    }
}
