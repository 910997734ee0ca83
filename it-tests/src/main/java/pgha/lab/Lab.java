package pgha.lab;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A small network of machines, made, found again and removed by its name.
 *
 * <p>Needs root. Labs of different names do not touch each other, provided that a network is used by one only where
 * their hosts should be told apart by address; even equal networks are separate.
 */
public final class Lab implements AutoCloseable {
    private static final Path STATE = Path.of("/run/pgha-lab");
    private static final Path DISKS = Path.of("/var/lib/pgha-lab");

    private final LabOptions options;
    private final Lan lan;
    private final Map<String, LabHost> hosts;
    private final ClientThreads clientThreads;
    /** Of the process that made the lab; one that found it has none. */
    private final Optional<LabLock> lock;

    private Lab(LabOptions options, Optional<LabLock> lock) {
        this.options = options;
        this.lock = lock;
        this.lan = new Lan(options.name(), STATE.resolve(options.name()));
        Map<String, LabHost> all = new LinkedHashMap<>();
        for (String host : options.hosts()) {
            Path disk = DISKS.resolve(options.name()).resolve(host);
            all.put(host, new LabHost(options, host, disk, lan));
        }
        this.hosts = Collections.unmodifiableMap(all);
        this.clientThreads = new ClientThreads(host(LabOptions.CLIENT));
    }

    /** Makes the lab and boots every host, after removing whatever an earlier one of that name left. */
    public static Lab create(LabOptions options) {
        LabLock lock = LabLock.take(options.name(), lockFile(options.name()));
        remove(options.name());
        Lab lab = new Lab(options, Optional.of(lock));
        try {
            lab.save();
            lab.lan.create();
            lab.hosts.values().parallelStream().forEach(LabHost::boot);
            return lab;
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** The lab of that name if it exists, made by whatever process. */
    public static Optional<Lab> find(String name) {
        Path file = STATE.resolve(name).resolve("lab.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
        Map<String, String> values = new HashMap<>();
        properties.forEach((key, value) -> values.put(key.toString(), value.toString()));
        Lab lab = new Lab(LabOptions.from(values), Optional.empty());
        return lab.lan.isRunning() ? Optional.of(lab) : Optional.empty();
    }

    /** Ends and removes everything that belongs to the lab of that name, whoever is at work with it. Idempotent. */
    public static void destroy(String name) {
        remove(name);
        try {
            Files.deleteIfExists(lockFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        removeIfEmpty(STATE);
    }

    /** All but the lock, which belongs to who makes the lab. */
    private static void remove(String name) {
        List<HostGroup> groups = HostGroup.existingOf(name);
        groups.forEach(HostGroup::kill);
        groups.forEach(HostGroup::remove);
        HostGroup.removeLab(name);
        for (Path parent : List.of(STATE, DISKS)) {
            removeTree(parent.resolve(name));
            removeIfEmpty(parent);
        }
    }

    private static Path lockFile(String name) {
        return STATE.resolve(name + ".lock");
    }

    public LabOptions options() {
        return options;
    }

    public LabHost host(String name) {
        return Optional.ofNullable(hosts.get(name))
                .orElseThrow(() -> new LabException("no host \"" + name + "\"; there are " + hosts.keySet()));
    }

    /** All hosts, stores first. */
    public List<LabHost> hosts() {
        return List.copyOf(hosts.values());
    }

    public List<LabHost> nodes() {
        return options.nodes().stream().map(this::host).toList();
    }

    public LabHost client() {
        return host(LabOptions.CLIENT);
    }

    /** Threads of this JVM whose sockets belong to the client host. */
    public ClientThreads clientThreads() {
        return clientThreads;
    }

    /** Drops all packets between the two. */
    public void cut(String one, String other) {
        lan.cutAll(host(one).name(), List.of(host(other).name()));
    }

    /** Drops packets in one direction only. */
    public void cutOneWay(String from, String to) {
        lan.cut(host(from).name(), host(to).name());
    }

    /** Drops all packets between {@code name} and every other host, at one instant. */
    public void isolate(String name) {
        host(name);
        lan.cutAll(
                name,
                hosts.keySet().stream().filter(other -> !other.equals(name)).toList());
    }

    /** Undoes every cut and plugs every running host in. */
    public void heal() {
        lan.heal();
        hosts().stream().filter(LabHost::isRunning).forEach(LabHost::linkUp);
    }

    /** Boots what has no power, thaws what is frozen, heals the network. */
    public void restore() {
        hosts().stream().filter(LabHost::isRunning).forEach(LabHost::thaw);
        hosts().stream().filter(host -> !host.isRunning()).forEach(LabHost::boot);
        heal();
    }

    @Override
    public void close() {
        clientThreads.close();
        destroy(options.name());
        lock.ifPresent(LabLock::close);
    }

    private void save() {
        Path directory = STATE.resolve(options.name());
        try {
            Files.createDirectories(directory);
            Files.createDirectories(DISKS.resolve(options.name()));
            try (Writer writer = Files.newBufferedWriter(directory.resolve("lab.properties"))) {
                options.toProperties().store(writer, "a lab of pgha-agent; removed with it");
            }
        } catch (IOException e) {
            throw new LabException("cannot keep the lab's options in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void removeTree(Path tree) {
        if (Files.exists(tree)) {
            Command.run("rm", "-rf", "--one-file-system", tree.toString()).orThrow();
        }
    }

    private static void removeIfEmpty(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            if (children.findAny().isEmpty()) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
