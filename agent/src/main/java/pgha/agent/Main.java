package pgha.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.ha.ExitCode;
import pgha.agent.log.LogSink;
import pgha.agent.log.Loggers;
import pgha.agent.os.Signals;
import pgha.agent.os.Systemd;
import pgha.agent.os.Threads;
import pgha.agent.os.WallClock;

/**
 * The daemon: {@code pgha-agent CONFIG}.
 *
 * <p>Arguments, configuration, run, exit code: 0 stopped as asked, 1 wrong usage, 2 configuration refused, 3 data
 * directory of another cluster, 70 bug.
 */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final String USAGE = """
            usage: pgha-agent CONFIG                     run, with this file or directory of files
                   pgha-agent --validate-config CONFIG   say what is wrong with it, and exit
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
        boolean validate = args.size() == 2 && args.getFirst().equals("--validate-config");
        if (!validate && (args.size() != 1 || args.getFirst().startsWith("-"))) {
            System.err.print(USAGE);
            return ExitCode.USAGE;
        }
        Path file = Path.of(args.getLast());
        return switch (ConfigLoader.load(file)) {
            case ConfigLoader.Refused<AgentConfig> refused -> refused(refused);
            case ConfigLoader.Valid<AgentConfig> valid -> validate ? valid(valid) : daemon(file, valid);
        };
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

    private static ExitCode daemon(Path file, ConfigLoader.Valid<AgentConfig> valid) throws InterruptedException {
        AtomicReference<Agent> agent = new AtomicReference<>();
        Threads threads = new Threads((thread, bug) -> die(thread, bug, agent));
        try (LogSink sink = LogSink.start(valid.config().log().settings(logFileName()), threads, new WallClock());
                Systemd systemd = Systemd.from(System.getenv())) {
            Loggers.ofThisJvm().sendTo(sink);
            log.info(
                    "pgha-agent {} starts: {} of {}",
                    Version.OF_THIS_BUILD,
                    valid.config().name(),
                    valid.config().scope());
            valid.warnings().forEach(log::warn);
            return run(file, valid.config(), agent, threads, systemd, sink);
        } catch (IOException e) {
            System.err.println("cannot write the log: " + e.getMessage());
            return ExitCode.CONFIGURATION;
        }
    }

    private static ExitCode run(
            Path file,
            AgentConfig config,
            AtomicReference<Agent> running,
            Threads threads,
            Systemd systemd,
            LogSink sink)
            throws InterruptedException {
        Path runtimeDir =
                Installation.runtimeDirectory(config.scope(), config.name().value());
        try {
            Files.createDirectories(runtimeDir);
        } catch (IOException e) {
            log.error("cannot create {}: {}; set RUNTIME_DIRECTORY or let systemd do it", runtimeDir, e.toString());
            return ExitCode.CONFIGURATION;
        }
        Agent agent = new Agent(config, runtimeDir, threads, systemd);
        running.set(agent);
        Signals.listen(new Signals.Listener() {
            @Override
            public void stopRequested(String signal) {
                agent.stop(signal);
            }

            @Override
            public void reloadRequested() {
                reload(file, agent, sink);
            }
        });
        agent.start();
        return agent.awaitExit();
    }

    /** Started under Patroni's name, the log has Patroni's name too: collectors look for it. */
    private static String logFileName() {
        return "patroni".equals(System.getenv("PGHA_STARTED_AS")) ? "patroni.log" : "pgha-agent.log";
    }

    /** A file that is refused changes nothing. */
    private static void reload(Path file, Agent agent, LogSink sink) {
        switch (ConfigLoader.load(file)) {
            case ConfigLoader.Refused<AgentConfig> refused -> {
                refused.problems().forEach(log::error);
                log.error("the configuration was not taken over; the previous one stays");
            }
            case ConfigLoader.Valid<AgentConfig> valid -> {
                valid.warnings().forEach(log::warn);
                log.info("read the configuration again from {}", file);
                try {
                    sink.reconfigure(valid.config().log().settings(logFileName()));
                    Loggers.ofThisJvm().sendTo(sink);
                } catch (IOException e) {
                    log.error("cannot write the log as the new configuration says: {}", e.toString());
                }
                agent.reload(valid.config());
            }
        }
    }

    /** A bug: say it once, with what led to it, and end at once. Guard, kernel and systemd do the rest. */
    private static void die(Thread thread, Throwable bug, AtomicReference<Agent> agent) {
        Agent running = agent.get();
        log.error(
                "a bug in thread {}; the last decisions were {}",
                thread.getName(),
                running == null
                        ? "none"
                        : running.lastDecisions().stream().limit(10).toList(),
                bug);
        bug.printStackTrace();
        Runtime.getRuntime().halt(ExitCode.BUG.number());
    }
}
