package pgha.it.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.lab.Command;
import pgha.lab.Patience;

/** The distribution works wherever it lies, for whoever starts it, and never runs a class that is not in its jars. */
class PackageIT {
    private static final Path ROOT = Path.of("/");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Distribution installed = Distribution.built();

    @BeforeEach
    void install() {
        Command.run("chmod", "777", directory.toString()).orThrow();
        installed = Distribution.built().copyTo(directory.resolve("installed"));
    }

    @Test
    void bothProgramsRunFromAnywhereAndWriteNothingIntoTheTree() throws IOException {
        String before = installed.listing();

        Command.Result agent = installed.run(ROOT, Map.of(), installed.program("pgha-agent"), "--version");
        Command.Result ctl = installed.run(directory, Map.of(), installed.program("agentctl"), "--help");

        assertThat(agent).returns(0, Command.Result::exitCode).returns("", Command.Result::err);
        assertThat(agent.out()).contains("0.1.0");
        assertThat(ctl).returns(0, Command.Result::exitCode).returns("", Command.Result::err);
        assertThat(installed.listing()).isEqualTo(before);
    }

    /** The JDK's resolver is a module of its own, which nothing but this would miss. */
    @Test
    void dnsIsAskedWhereEtcdIs() throws IOException {
        Path file = directory.resolve("agent.yml");
        Files.writeString(file, """
                scope: demo
                name: pg-1
                etcd3: {srv: pgha.invalid}
                restapi: {listen: "10.0.0.1:8008"}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: %s
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                """.formatted(directory.resolve("data")));

        Command.Result findings =
                installed.run(ROOT, Map.of(), installed.program("pgha-agent"), "--validate-config", file.toString());

        assertThat(findings.out() + findings.err())
                .contains("etcd3.srv: ", "_etcd-client-ssl._tcp.pgha.invalid")
                .doesNotContain("DnsContextFactory");
    }

    @Test
    void theNamesOfPatroniStartTheSamePrograms() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("patroni"), installed.program("patroni"));

        Command.Result agent = installed.run(ROOT, Map.of(), link, "--version");
        Command.Result ctl = installed.run(ROOT, Map.of(), installed.program("patronictl"), "--help");
        Files.delete(link);

        assertThat(agent).returns(0, Command.Result::exitCode);
        assertThat(agent.out()).contains("0.1.0");
        assertThat(ctl).returns(0, Command.Result::exitCode);
        assertThat(ctl.out()).contains("patronictl", "switchover");
    }

    @Test
    void theNameOfVipManagerReadsItsFileAndStaysUp() throws IOException {
        Path file = directory.resolve("vip-manager.yml");
        Files.writeString(file, "ip: 10.0.0.100\nnetmask: 24\ninterface: eth1\ntrigger-key: /service/demo/leader\n");
        Path said = directory.resolve("said");
        Process unit = new ProcessBuilder(Distribution.asPostgres(
                        ROOT,
                        Map.of("VIP_NETMASK", "25"),
                        installed.program("vip-manager"),
                        "--config=" + file,
                        "--interface",
                        "eth0"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Patience.demand("it says what it is", LIMIT, () -> read(said).contains("can be disabled"));

            assertThat(read(said))
                    .contains("pgha-agent holds the address", "address: 10.0.0.100/25", "interface: eth0");
            assertThat(unit.isAlive()).isTrue();
        } finally {
            unit.destroyForcibly();
        }
    }

    @Test
    void vipManagersNameRefusesWhatItWouldHaveRefused() {
        Path vipManager = installed.program("vip-manager");

        assertThat(installed.run(ROOT, Map.of(), vipManager, "--config", "/nowhere.yml"))
                .returns(1, Command.Result::exitCode)
                .extracting(Command.Result::err)
                .asString()
                .contains("cannot read /nowhere.yml");
        assertThat(installed.run(ROOT, Map.of(), vipManager, "--ip=10.0.0.100", "--netmask=24"))
                .returns(1, Command.Result::exitCode)
                .extracting(Command.Result::err)
                .asString()
                .contains("interface: missing");
    }

    @Test
    void classesComeFromTheArchiveAlsoAfterTheTreeWasMoved() throws IOException {
        assertThat(sourceOfMain()).contains("shared objects file");
    }

    @Test
    void aReplacedJarIsNeverShadowedByTheArchive() throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(installed.library("pgha-agent"))) {
            Files.writeString(jar.getPath("patched"), "one byte more is enough");
        }

        assertThat(sourceOfMain()).contains("pgha-agent-").doesNotContain("shared objects file");
    }

    @Test
    void theCommandLineShowsNoOptionThatScriptsLookFor() throws IOException {
        Path configuration = directory.resolve("agent.yml");
        Command.run("mkfifo", "--mode=666", configuration.toString()).orThrow();
        Process agent = new ProcessBuilder(Distribution.asPostgres(
                        ROOT, Map.of(), installed.program("pgha-agent"), configuration.toString()))
                .redirectErrorStream(true)
                .start();
        try {
            // It waits for somebody to write its configuration, so that we can look at it.
            Patience.demand(
                    "the JVM took the shell's place",
                    LIMIT,
                    // The kernel changes the program first, and its arguments a moment later.
                    () -> runsJava(agent.pid()) && !commandLine(agent.pid()).isEmpty());

            assertThat(commandLine(agent.pid()).split("\0"))
                    .containsExactly(
                            "pgha-agent",
                            "@" + installed.home().resolve("lib/jvm.options"),
                            "-jar",
                            installed.home().resolve("lib/pgha-agent.jar").toString(),
                            configuration.toString());
        } finally {
            agent.destroyForcibly();
        }
    }

    @Test
    void startTimeIsPrinted() {
        for (int run = 1; run <= 3; run++) {
            long start = System.nanoTime();
            assertThat(installed.run(ROOT, Map.of(), installed.program("pgha-agent"), "--version"))
                    .returns(0, Command.Result::exitCode);
            System.out.printf("pgha-agent --version: %d ms%n", (System.nanoTime() - start) / 1_000_000);
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(procOf(pid).resolve("cmdline"), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String sourceOfMain() throws IOException {
        Path log = directory.resolve("classes.log");
        // Read after the options of the distribution, which turn logging off.
        Map<String, String> watched = Map.of("_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);

        installed
                .run(ROOT, watched, installed.program("pgha-agent"), "--version")
                .orThrow();
        try (Stream<String> lines = Files.lines(log)) {
            return String.join(
                    "\n",
                    lines.filter(line -> line.contains(" pgha.agent.Main ")).toList());
        }
    }

    private static boolean runsJava(long pid) {
        try {
            return Files.readSymbolicLink(procOf(pid).resolve("exe")).endsWith("bin/java");
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static Path procOf(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }
}
