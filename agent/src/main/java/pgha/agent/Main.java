package pgha.agent;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.config.Explanation;
import pgha.agent.ha.ExitCode;
import pgha.agent.setup.ConfigFromServer;
import pgha.agent.setup.HostInspection;

/**
 * The daemon: {@code pgha-agent CONFIG}.
 *
 * <p>Arguments, configuration, run, exit code: 0 stopped as asked, 64 wrong usage, 65 data directory of another
 * cluster, 70 bug, 78 configuration refused. The JVM's own are others: 1 if it cannot start, 3 if its heap is full.
 */
public final class Main {
    private static final String USAGE = """
            usage: pgha-agent CONFIG                     run, with this file or directory of files
                   pgha-agent --validate-config [-i] [-p] CONFIG
                                                         say what is wrong with it, and with it on this host, and exit;
                                                         -i, --ignore-listen-port: do not look whether ports are free
                                                         -p, --print: show each setting and where it comes from
                   pgha-agent --generate-sample-config [FILE]
                                                         write a commented one to begin with
                   pgha-agent --generate-config [--dsn DSN] [FILE]
                                                         write one for the PostgreSQL that runs here
                   pgha-agent --version
            """;

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(List.of(args)).number());
    }

    private static ExitCode run(List<String> args) throws InterruptedException {
        if (args.equals(List.of("--version"))) {
            System.out.println("pgha-agent " + Version.OF_THIS_BUILD);
            return ExitCode.STOPPED;
        }
        if (args.equals(List.of("--help"))) {
            System.out.print(USAGE);
            return ExitCode.STOPPED;
        }
        String mode = args.isEmpty() ? "" : args.getFirst();
        List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
        return switch (mode) {
            case "--validate-config" -> validate(new ArrayList<>(rest));
            case "--generate-sample-config" -> rest.size() > 1 ? usage() : sample(rest);
            case "--generate-config" -> generate(new ArrayList<>(rest));
            default -> args.size() != 1 || mode.startsWith("-") ? usage() : serve(Path.of(mode));
        };
    }

    private static ExitCode usage() {
        System.err.print(USAGE);
        return ExitCode.USAGE;
    }

    private static ExitCode serve(Path file) throws InterruptedException {
        return switch (ConfigLoader.load(file)) {
            case ConfigLoader.Refused<AgentConfig> refused -> refused(refused);
            case ConfigLoader.Valid<AgentConfig> valid -> new Daemon(file, valid).run();
        };
    }

    private static ExitCode validate(List<String> args) {
        boolean ignorePorts = args.removeAll(List.of("-i", "--ignore-listen-port"));
        boolean print = args.removeAll(List.of("-p", "--print"));
        if (args.size() != 1 || args.getFirst().startsWith("-")) {
            return usage();
        }
        Path file = Path.of(args.getFirst());
        if (print) {
            Explanation.ofFile(file)
                    .forEach(line ->
                            System.out.println("%s: %s  # %s".formatted(line.key(), line.value(), line.origin())));
        }
        return switch (ConfigLoader.load(file)) {
            case ConfigLoader.Refused<AgentConfig> refused -> refused(refused);
            case ConfigLoader.Valid<AgentConfig> valid -> inspected(valid, ignorePorts);
        };
    }

    private static ExitCode inspected(ConfigLoader.Valid<AgentConfig> valid, boolean ignorePorts) {
        valid.warnings().forEach(line -> System.err.println("warning: " + line));
        List<String> findings = HostInspection.findings(valid.config(), ignorePorts, System.getenv());
        findings.forEach(System.err::println);
        if (!findings.isEmpty()) {
            return ExitCode.CONFIGURATION;
        }
        System.out.println("the configuration is valid");
        return ExitCode.STOPPED;
    }

    /** To the file, which must not exist yet, or to standard output. */
    private static ExitCode sample(List<String> target) {
        try {
            return write("sample", Files.readString(Installation.sample()), target);
        } catch (IOException e) {
            System.err.println("cannot read the sample: " + e + "; look whether the installation is complete");
            return ExitCode.CONFIGURATION;
        }
    }

    private static ExitCode generate(List<String> args) {
        String dsn = "";
        int at = args.indexOf("--dsn");
        if (at >= 0 && at + 1 < args.size()) {
            dsn = args.remove(at + 1);
            args.remove(at);
        }
        if (args.size() > 1 || args.stream().anyMatch(arg -> arg.startsWith("-"))) {
            return usage();
        }
        try {
            return write("configuration", ConfigFromServer.yaml(dsn, System.getenv()), args);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return ExitCode.CONFIGURATION;
        }
    }

    private static ExitCode write(String what, String text, List<String> target) {
        if (target.isEmpty()) {
            System.out.print(text);
            return ExitCode.STOPPED;
        }
        Path file = Path.of(target.getFirst());
        try {
            // It may hold a password.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
            return ExitCode.STOPPED;
        } catch (FileAlreadyExistsException e) {
            System.err.println("cannot write the %s: %s exists; name another file".formatted(what, file));
        } catch (IOException e) {
            System.err.println(
                    "cannot write the %s: %s; look whether the directory may be written to".formatted(what, e));
        }
        return ExitCode.CONFIGURATION;
    }

    private static ExitCode refused(ConfigLoader.Refused<AgentConfig> refused) {
        refused.warnings().forEach(line -> System.err.println("warning: " + line));
        refused.problems().forEach(System.err::println);
        return ExitCode.CONFIGURATION;
    }
}
