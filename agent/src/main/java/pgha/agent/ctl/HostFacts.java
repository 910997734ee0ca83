package pgha.agent.ctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.AgentConfig.WatchdogMode;

/**
 * What this host is like, as far as an agent's safety goes.
 *
 * <p>Immutable.
 *
 * @param freePercent of the file system of the data directory; empty if it is not there
 * @param agentCapabilities the effective set of the agent's process, as bits; empty if no agent runs here
 * @param clockKept whether some program keeps the clock synchronized
 */
record HostFacts(
        Path dataDirectory,
        Optional<Integer> freePercent,
        Optional<Long> agentCapabilities,
        boolean bindsAddresses,
        boolean writesOpen,
        Optional<Path> missingWatchdog,
        boolean clockKept) {

    private static final List<String> CLOCK_KEEPERS =
            List.of("chronyd", "ntpd", "systemd-timesyn", "openntpd", "ptp4l", "phc2sys");

    static HostFacts of(AgentConfig config) {
        Path device = config.watchdog().device();
        boolean wanted = config.watchdog().mode() != WatchdogMode.OFF;
        return new HostFacts(
                config.postgres().dataDirectory(),
                freePercentAt(config.postgres().dataDirectory()),
                capabilitiesOfAgent(),
                !config.vips().isEmpty(),
                config.rest().writesAreOpen(),
                wanted && !Files.exists(device) ? Optional.of(device) : Optional.empty(),
                isClockKept());
    }

    private static Optional<Integer> freePercentAt(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            long total = Math.max(1, store.getTotalSpace());
            return Optional.of((int) (store.getUsableSpace() * 100.0 / total));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> capabilitiesOfAgent() {
        return processes().stream()
                .filter(process -> isAgent(read(process.resolve("cmdline"))))
                .findFirst()
                .map(process -> read(process.resolve("status")))
                .map(status -> status.replaceFirst("(?s).*\\nCapEff:\\s*([0-9a-f]+).*", "$1"))
                .filter(set -> set.matches("[0-9a-f]{1,16}"))
                .map(set -> Long.parseUnsignedLong(set, 16));
    }

    private static boolean isAgent(String commandLine) {
        return commandLine.contains("pgha-agent.jar") && !commandLine.contains("AgentCtl");
    }

    private static boolean isClockKept() {
        if (Files.exists(Path.of("/run/systemd/timesync/synchronized"))) {
            return true;
        }
        return processes().stream()
                .anyMatch(process ->
                        CLOCK_KEEPERS.contains(read(process.resolve("comm")).strip()));
    }

    private static List<Path> processes() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Empty for a process that has just ended. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
