package pgha.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One machine of the lab: starts and ends, runs programs, loses power, stands still, loses its cable.
 *
 * <p>Stateless but for names, so that another process may go on where one stopped; one thread at a time may boot it or
 * take its power.
 */
public final class LabHost {
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(10);
    private static final Duration EXEC_LIMIT = Duration.ofSeconds(60);
    private static final Duration PREPARATION_LIMIT = Duration.ofSeconds(2);
    private static final List<String> EVERYTHING = List.of("--mount", "--uts", "--ipc", "--net", "--pid");

    private static final Set<String> PREPARING = Set.of("bash", "setsid", "setpriv", "env");

    private final String name;
    private final String address;
    private final HostGroup group;
    private final Path disk;
    private final Path distribution;
    private final Lan lan;

    LabHost(LabOptions options, String name, Path disk, Lan lan) {
        this.name = name;
        this.address = options.address(name);
        this.group = HostGroup.of(options.name(), name);
        this.disk = disk;
        this.distribution = options.distribution();
        this.lan = lan;
    }

    public String name() {
        return name;
    }

    public String address() {
        return address;
    }

    /** What the host sees as /srv, from outside; it survives a power loss. */
    public Path disk() {
        return disk;
    }

    public boolean isRunning() {
        return init().isPresent();
    }

    /** Starts the host with empty memory and the disk it had, and plugs it in. */
    public void boot() {
        if (isRunning()) {
            throw new LabException("cannot boot " + name + ": it is running");
        }
        makeDisk();
        group.create();
        LabProcess init =
                Init.start(group, bootScript(), List.of(name, disk.toString(), distribution.toString()), disk);
        Patience.demand(name + " has booted", BOOT_LIMIT, () -> {
            if (!init.isAlive()) {
                throw new LabException("cannot boot " + name + ": its init ended; see " + disk.resolve("boot.log"));
            }
            return Files.exists(insideOf(init, "/run/lab/up"));
        });
        lan.connect(name, address, init);
    }

    /** All processes end and the cable goes dead at one instant; memory is lost, the disk stays. */
    public void powerLoss() {
        // The cable first: else the kernel would still say goodbye to every peer of the dying processes.
        lan.unplug(name);
        group.kill();
        group.remove();
        lan.forget(name);
    }

    /** Every process stands still, the kernel goes on answering pings and ARP. */
    public void freeze() {
        group.freeze();
    }

    public void thaw() {
        group.thaw();
    }

    public void linkDown() {
        lan.unplug(name);
    }

    public void linkUp() {
        lan.plug(name);
    }

    /** Runs a program as root to its end. */
    public Command.Result exec(String... argv) {
        return exec(EXEC_LIMIT, Launch.as("root", argv));
    }

    /** Runs a program to its end; it and its children are killed with the host only, itself also after {@code limit}. */
    public Command.Result exec(Duration limit, Launch launch) {
        return Command.run(limit, "", commandLine(launch));
    }

    /** The words that run {@code launch} on this host from outside, for a caller who brings its own terminal. */
    public List<String> commandLine(Launch launch) {
        return inside(launch.command());
    }

    /** Starts a program that stays, in a session of its own and as a child of init, known as {@code label}; returns once it runs. */
    public LabProcess start(String label, Launch launch) {
        List<String> script = new ArrayList<>(List.of("bash", "-c", """
                label=$1 log=$2; shift 2
                setsid "$@" </dev/null >>"$log" 2>&1 &
                echo $! | tee /run/lab/$label.pid""", "start", label, launch.log()));
        script.addAll(launch.command());
        String pid = Command.run(EXEC_LIMIT, "", inside(script)).orThrow().strip();
        LabProcess process = processOf(Integer.parseInt(pid))
                .orElseThrow(() -> new LabException("cannot start " + label + " on " + name + ": it ended at once; see "
                        + launch.log() + " there"));
        // Until then it is one of the programs that only prepare: no signal should hit these.
        Patience.until(PREPARATION_LIMIT, () -> !PREPARING.contains(process.programName()));
        return process;
    }

    /** The program started under {@code label}, if it is running. */
    public Optional<LabProcess> process(String label) {
        return read("/run/lab/" + label + ".pid").flatMap(text -> processOf(Integer.parseInt(text.strip())));
    }

    /** The process that this host knows by {@code pidInHost}, if it is running. */
    public Optional<LabProcess> processOf(int pidInHost) {
        // A list of cgroup v1 may lack some processes while others are being born: ask again as long as the host knows
        // it.
        List<LabProcess> found = new ArrayList<>();
        Patience.until(PREPARATION_LIMIT, () -> {
            listed(pidInHost).ifPresent(found::add);
            return !found.isEmpty() || !isKnown(pidInHost);
        });
        return found.stream().findFirst();
    }

    private Optional<LabProcess> listed(int pidInHost) {
        return processes().stream()
                .filter(process -> process.pidInHost() == pidInHost)
                .findFirst();
    }

    private boolean isKnown(int pidInHost) {
        return read("/proc/" + pidInHost + "/stat")
                .filter(stat -> !stat.contains(") Z "))
                .isPresent();
    }

    /** All processes on the host, init included. */
    public List<LabProcess> processes() {
        // What has the same number inside and outside stands outside: the parent of init, and programs about to enter.
        return group.members().stream()
                .map(LabProcess::of)
                .flatMap(Optional::stream)
                .filter(process -> process.pid() != process.pidInHost())
                .toList();
    }

    /** A file of the running host, its memory file systems included; empty if it or the host does not exist. */
    public Optional<String> read(String path) {
        return init().map(init -> insideOf(init, path)).filter(Files::exists).flatMap(file -> {
            try {
                return Optional.of(Files.readString(file));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    /** True if the kernel of this host would answer for {@code ipv4Address}, whatever its prefix length. Costs one small file read. */
    public boolean kernelHasAddress(String ipv4Address) {
        return init().map(init -> LocalAddresses.of(init.pid()).contains(ipv4Address))
                .orElse(false);
    }

    /** Moves the calling thread, and all threads it creates from now on, into this host's network. */
    public void enterNetwork() {
        Kernel.enterNetworkOf(init().orElseThrow(this::notRunning).pid());
    }

    Optional<LabProcess> init() {
        return Init.of(group);
    }

    private List<String> inside(List<String> command) {
        List<String> all = new ArrayList<>(Init.enter(group, init().orElseThrow(this::notRunning), EVERYTHING));
        all.addAll(command);
        return all;
    }

    private LabException notRunning() {
        return new LabException("cannot reach " + name + ": it is not running");
    }

    private void makeDisk() {
        try {
            Files.createDirectories(disk.resolve("postgresql"));
            Files.createDirectories(disk.resolve("log"));
        } catch (IOException e) {
            throw new LabException("cannot make the disk of " + name + ": " + e.getMessage(), e);
        }
        for (String directory : Arrays.asList("postgresql", "log")) {
            Command.run("chown", "postgres:postgres", disk.resolve(directory).toString())
                    .orThrow();
        }
    }

    private static Path insideOf(LabProcess init, String path) {
        return Path.of("/proc/" + init.pid() + "/root" + path);
    }

    static String bootScript() {
        try (InputStream script = LabHost.class.getResourceAsStream("host-init.sh")) {
            if (script == null) {
                throw new IllegalStateException("host-init.sh is not on the class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
