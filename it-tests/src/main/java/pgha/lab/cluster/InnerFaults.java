package pgha.lab.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.Launch;

/**
 * What is slipped under a node's programs at their start, so that faults can happen inside of them later: a wall clock that
 * can be stepped, and a Java heap that can be filled.
 *
 * <p>libfaketime shows agent, guard and PostgreSQL of a host the machine's time plus what a file says, at most a second after it
 * says so. Monotonic clocks, the one that runs on in suspend included, and waits stay the kernel's. Stateless: the files
 * are on the host's disk, and a node that has none runs its programs as they are.
 */
public final class InnerFaults {
    private static final String HOME = "/srv/faults";
    private static final String CLOCK = "clock";
    private static final String FILL = "/run/lab/fill-heap";
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";
    private static final String DISTRIBUTION = "/opt/pgha-agent";

    private static final String JAVA = DISTRIBUTION + "/runtime/bin/java";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final LabHost host;

    InnerFaults(LabHost host) {
        this.host = host;
    }

    /** To be done before the agent of the node is started; what runs already is not reached. */
    public void prepare() {
        copy(HeapFiller.class);
        copy(ClockProbe.class);
        stepClock(Duration.ZERO);
    }

    private void copy(Class<?> program) {
        Path copy = home().resolve(program.getName().replace('.', '/') + ".class");
        try (InputStream bytes = program.getResourceAsStream(program.getSimpleName() + ".class")) {
            if (bytes == null) {
                throw new IllegalStateException(program + " is not on the class path");
            }
            Files.createDirectories(copy.getParent());
            Files.copy(bytes, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the host's wall clock differ from the machine's by {@code offset} from now on. */
    public void stepClock(Duration offset) {
        try {
            Path fresh = Files.writeString(home().resolve("clock.new"), "%+d".formatted(offset.toSeconds()));
            Files.move(fresh, home().resolve(CLOCK), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException("cannot step the clock of " + host.name() + ": " + e.getMessage(), e);
        }
    }

    /** What a Java program that starts here now takes for the wall clock and for the monotonic one. */
    public Clocks clocks() {
        String[] words = host.exec(LIMIT, underClock(JAVA, "-Xlog:disable", "-cp", HOME, ClockProbe.class.getName()))
                .orThrow()
                .strip()
                .split(" ");
        return new Clocks(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    /** {@code nanos} are those of {@link System#nanoTime} on the whole machine. */
    public record Clocks(long wallMillis, long nanos) {}

    /** Lets the running agent use up its heap, at once. */
    public void fillHeap() {
        host.exec("touch", FILL).orThrow();
    }

    boolean arePrepared() {
        return Files.exists(home().resolve(CLOCK));
    }

    /** The agent with both under it. */
    Launch agent(String configuration) {
        host.exec("rm", "-f", FILL).orThrow();
        // The class archive is used only with the class path that it was made with, and what comes behind that.
        Launch launch = underClock(
                "env",
                "--chdir",
                DISTRIBUTION + "/lib",
                JAVA,
                "@" + DISTRIBUTION + "/lib/jvm.options",
                "-cp",
                "pgha-agent.jar:../../.." + HOME,
                HeapFiller.class.getName(),
                FILL,
                configuration);
        return launch.withEnvironment("PGHA_STARTED_AS", "pgha-agent");
    }

    private static Launch underClock(String... argv) {
        return Launch.as("postgres", argv)
                .withEnvironment("LD_PRELOAD", library().toString())
                .withEnvironment("FAKETIME_TIMESTAMP_FILE", HOME + "/" + CLOCK)
                .withEnvironment("FAKETIME_CACHE_DURATION", "1")
                .withEnvironment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                // Else it turns every wait of the JVM on a monotonic clock into none at all.
                .withEnvironment("FAKETIME_FORCE_MONOTONIC_FIX", "0")
                .withEnvironment("NO_FAKE_STAT", "1");
    }

    private static Path library() {
        try (Stream<Path> architectures = Files.list(Path.of("/usr/lib"))) {
            List<Path> found = architectures
                    .map(directory -> directory.resolve(LIBRARY))
                    .filter(Files::exists)
                    .toList();
            if (found.isEmpty()) {
                throw new LabException("cannot find libfaketime in /usr/lib; install the package libfaketime");
            }
            return found.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path home() {
        return host.disk().resolve("faults");
    }
}
