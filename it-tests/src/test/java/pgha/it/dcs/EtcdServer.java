package pgha.it.dcs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pgha.dcs.model.HostPort;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;

/** One etcd process on loopback, with its data in a directory that {@link #close} removes. Confined to its test. */
final class EtcdServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Path directory;
    private final List<String> serverOptions;
    private final List<String> clientOptions;
    private final String scheme;
    private final int port = freePort();
    private final int peerPort = freePort();
    private @Nullable Process process;

    private EtcdServer(String scheme, List<String> serverOptions, List<String> clientOptions) {
        this.scheme = scheme;
        this.serverOptions = serverOptions;
        this.clientOptions = clientOptions;
        try {
            this.directory = Files.createTempDirectory("pgha-etcd");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EtcdServer plain() {
        return started(new EtcdServer("http", List.of(), List.of()));
    }

    /** Once it has users, it forgets a token a second or two after it was last shown one. */
    static EtcdServer withShortTokens() {
        return started(new EtcdServer("http", List.of("--auth-token-ttl=1"), List.of()));
    }

    /** Speaks TLS with {@code pki}'s certificate, demands one of its client certificates, and soon forgets tokens. */
    static EtcdServer withTls(Pki pki) {
        return started(new EtcdServer(
                "https",
                List.of(
                        "--cert-file=" + pki.serverCertificate(),
                        "--key-file=" + pki.serverKey(),
                        "--client-cert-auth",
                        "--trusted-ca-file=" + pki.ca(),
                        "--auth-token-ttl=1"),
                List.of("--cacert=" + pki.ca(), "--cert=" + pki.clientCertificate(), "--key=" + pki.clientKey())));
    }

    private static EtcdServer started(EtcdServer server) {
        server.start();
        return server;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostPort endpoint() {
        return new HostPort("127.0.0.1", port);
    }

    /** Where the other members would ask it, if it had any. */
    HostPort peer() {
        return new HostPort("127.0.0.1", peerPort);
    }

    String url() {
        return scheme + "://" + endpoint();
    }

    /** Starts it with what it has on disk, and returns once it answers. */
    void start() {
        String peer = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name=one",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + url(),
                "--advertise-client-urls=" + url(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=one=" + peer,
                "--logger=zap"));
        command.addAll(serverOptions);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Not "endpoint health": that one needs a user once authentication is on.
        Patience.demand("etcd has a leader", LIMIT, () -> Tool.run(etcdctl("endpoint", "status", "-w", "json"))
                .filter(status -> status.contains("\"leader\":"))
                .isPresent());
    }

    void kill() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
        }
    }

    void freeze() {
        signal(Signal.STOP);
    }

    void thaw() {
        signal(Signal.CONT);
    }

    private void signal(Signal signal) {
        if (process != null) {
            LabProcess.of((int) process.pid()).orElseThrow().signal(signal);
        }
    }

    /** Runs etcdctl, and returns what it prints. */
    String ctl(String... arguments) {
        return Tool.demand(etcdctl(arguments));
    }

    private List<String> etcdctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "ETCDCTL_API=3", "etcdctl", "--endpoints=" + url()));
        command.addAll(clientOptions);
        command.addAll(List.of(arguments));
        return command;
    }

    /** Removes what it has on disk; to be called while it does not run. */
    void forgetEverything() {
        delete(directory.resolve("data"));
    }

    @Override
    public void close() {
        kill();
        delete(directory);
    }

    private static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
