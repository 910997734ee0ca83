package pgha.agent;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.ha.ExitCode;

/**
 * The daemon: {@code pgha-agent CONFIG}.
 *
 * <p>Arguments, configuration, run, exit code: 0 stopped as asked, 64 wrong usage, 65 data directory of another
 * cluster, 70 bug, 78 configuration refused. The JVM's own are others: 1 if it cannot start, 3 if its heap is full.
 */
public final class Main {
    private static final String USAGE = """
            usage: pgha-agent CONFIG                     run, with this file or directory of files
                   pgha-agent --validate-config CONFIG   say what is wrong with it, and exit
                   pgha-agent --generate-sample-config [FILE]
                                                         write a commented one to begin with
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
        return !args.isEmpty() && args.size() <= 2 && args.getFirst().equals("--generate-sample-config")
                ? sample(args.subList(1, args.size()))
                : withFile(args);
    }

    private static ExitCode withFile(List<String> args) throws InterruptedException {
        boolean validate = args.size() == 2 && args.getFirst().equals("--validate-config");
        if (!validate && (args.size() != 1 || args.getFirst().startsWith("-"))) {
            System.err.print(USAGE);
            return ExitCode.USAGE;
        }
        Path file = Path.of(args.getLast());
        return switch (ConfigLoader.load(file)) {
            case ConfigLoader.Refused<AgentConfig> refused -> refused(refused);
            case ConfigLoader.Valid<AgentConfig> valid -> validate ? valid(valid) : new Daemon(file, valid).run();
        };
    }

    /** To the file, which must not exist yet, or to standard output. */
    private static ExitCode sample(List<String> target) {
        try {
            String sample = Files.readString(Installation.sample());
            if (target.isEmpty()) {
                System.out.print(sample);
            } else {
                Files.writeString(Path.of(target.getFirst()), sample, StandardOpenOption.CREATE_NEW);
            }
            return ExitCode.STOPPED;
        } catch (FileAlreadyExistsException e) {
            System.err.println("cannot write the sample: " + target.getFirst() + " exists; name another file");
        } catch (IOException e) {
            System.err.println("cannot write the sample: " + e + "; look whether the directory may be written to");
        }
        return ExitCode.CONFIGURATION;
    }

    private static ExitCode refused(ConfigLoader.Refused<AgentConfig> refused) {
        refused.warnings().forEach(line -> System.err.println("warning: " + line));
        refused.problems().forEach(System.err::println);
        return ExitCode.CONFIGURATION;
    }

    private static ExitCode valid(ConfigLoader.Valid<AgentConfig> valid) {
        valid.warnings().forEach(line -> System.err.println("warning: " + line));
        System.out.println("the configuration is valid");
        return ExitCode.STOPPED;
    }
}
