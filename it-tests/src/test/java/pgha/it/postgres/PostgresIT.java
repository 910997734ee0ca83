package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs the checks of this package as user postgres; each of them is a test here. */
class PostgresIT {
    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> checks() throws IOException, InterruptedException {
        List<Class<?>> classes = List.of(
                LifecycleChecks.class,
                ReplicaChecks.class,
                SlotChecks.class,
                RestoreChecks.class,
                BootstrapChecks.class,
                GuardChecks.class);

        Map<String, String> results = AsPostgres.run(temporary, classes);

        assertThat(results).isNotEmpty();
        return results.entrySet().stream()
                .map(result -> DynamicTest.dynamicTest(result.getKey(), () -> {
                    if (!result.getValue().isEmpty()) {
                        fail(result.getValue());
                    }
                }));
    }
}
