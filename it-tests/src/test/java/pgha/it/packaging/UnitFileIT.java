package pgha.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.lab.Command;

/** systemd has nothing to say about our units. */
class UnitFileIT {
    @TempDir
    Path directory;

    private final Distribution built = Distribution.built();

    @ParameterizedTest
    @ValueSource(strings = {"pgha-agent.service", "pgha-agent@.service"})
    void theUnitIsClean(String name) throws IOException {
        // The program must exist where the unit says; it is not installed here.
        String unit = Files.readString(unitFile(name))
                .replace("/usr/bin/pgha-agent", built.program("pgha-agent").toString());
        Path copy = Files.writeString(directory.resolve(name), unit);

        Command.Result verified = Command.run("systemd-analyze", "verify", copy.toString());

        assertThat(verified)
                .returns(0, Command.Result::exitCode)
                .returns("", Command.Result::out)
                .returns("", Command.Result::err);
    }

    @Test
    void anInstanceDiffersFromTheOnlyAgentInItsPathsAlone() throws IOException {
        List<String> one = Files.readAllLines(unitFile("pgha-agent.service"));
        List<String> instance = Files.readAllLines(unitFile("pgha-agent@.service"));

        assertThat(instance.stream().map(UnitFileIT::withoutInstance)).containsExactlyElementsOf(one);
    }

    private static String withoutInstance(String line) {
        return line.replace(" (%i)", "").replace("%i.yml", "agent.yml").replace("-%i", "");
    }

    private Path unitFile(String name) {
        return built.home().resolve("systemd").resolve(name);
    }
}
