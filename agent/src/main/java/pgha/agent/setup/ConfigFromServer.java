package pgha.agent.setup;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Writes a configuration for the PostgreSQL that runs on this host. Blocks while it asks it. */
public final class ConfigFromServer {
    private ConfigFromServer() {}

    /**
     * @param dsn as libpq understands it; what it leaves open comes from libpq's variables in {@code environment}
     * @throws IOException with a sentence that says what to do
     */
    public static String yaml(String dsn, Map<String, String> environment) throws IOException {
        Dsn target;
        try {
            target = Dsn.parse(dsn, environment);
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot use --dsn: " + e.getMessage(), e);
        }
        RunningServer server = RunningServer.ask(target);
        return GeneratedConfig.render(server, hostName(), address().orElse(GeneratedConfig.OPEN));
    }

    /** As the kernel knows it: not every host's name can be resolved, not even by itself. */
    private static String hostName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /** The first IPv4 address of this host that others may reach. */
    private static Optional<String> address() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }
}
