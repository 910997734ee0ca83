package pgha.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.config.ConfigLoader.Refused;
import pgha.agent.config.ConfigLoader.Valid;
import pgha.agent.ha.ExitCode;
import pgha.agent.log.LogSink;
import pgha.agent.log.Loggers;
import pgha.agent.os.Signals;
import pgha.agent.os.Systemd;
import pgha.agent.os.Threads;
import pgha.agent.os.WallClock;

/**
 * One run of the agent: its log, its signals, its end.
 *
 * <p>{@link #run} stays on the main thread until the agent has come to an end. Signals arrive on threads of the JDK's.
 */
final class Daemon implements Signals.Listener {
    private static final Logger log = LoggerFactory.getLogger(Daemon.class);
    private static final int DECISIONS_IN_A_REPORT = 10;

    private final Path file;
    private final Valid<AgentConfig> start;
    private final AtomicReference<@Nullable Agent> agent = new AtomicReference<>();
    private final AtomicReference<@Nullable LogSink> sink = new AtomicReference<>();

    Daemon(Path file, Valid<AgentConfig> start) {
        this.file = file;
        this.start = start;
    }

    ExitCode run() throws InterruptedException {
        AgentConfig config = start.config();
        Threads threads = new Threads(this::die);
        try (LogSink written = LogSink.start(config.log().settings(logFileName()), threads, new WallClock());
                Systemd systemd = Systemd.from(System.getenv())) {
            sink.set(written);
            Loggers.ofThisJvm().sendTo(written);
            log.info("pgha-agent {} starts: {} of {}", Version.OF_THIS_BUILD, config.name(), config.scope());
            start.warnings().forEach(log::warn);
            return serve(config, threads, systemd);
        } catch (IOException e) {
            System.err.println("cannot write the log: " + e.getMessage());
            return ExitCode.CONFIGURATION;
        }
    }

    private ExitCode serve(AgentConfig config, Threads threads, Systemd systemd) throws InterruptedException {
        Path runtimeDir =
                Installation.runtimeDirectory(config.scope(), config.name().value());
        try {
            Files.createDirectories(runtimeDir);
        } catch (IOException e) {
            log.error("cannot create {}: {}; set RUNTIME_DIRECTORY or let systemd do it", runtimeDir, e.toString());
            return ExitCode.CONFIGURATION;
        }
        Agent started = new Agent(config, runtimeDir, threads, systemd, this::reloadRequested);
        agent.set(started);
        Signals.listen(this);
        started.start();
        return started.awaitExit();
    }

    @Override
    public void stopRequested(String signal) {
        Agent running = agent.get();
        if (running != null) {
            running.stop(signal);
        }
    }

    /** A file that is refused changes nothing. */
    @Override
    public void reloadRequested() {
        switch (ConfigLoader.load(file)) {
            case Refused<AgentConfig> refused -> {
                refused.problems().forEach(log::error);
                log.error("the configuration was not taken over; the previous one stays");
            }
            case Valid<AgentConfig> valid -> takeOver(valid);
        }
    }

    private void takeOver(Valid<AgentConfig> valid) {
        valid.warnings().forEach(log::warn);
        log.info("read the configuration again from {}", file);
        LogSink written = sink.get();
        Agent running = agent.get();
        if (written == null || running == null) {
            return;
        }
        try {
            written.reconfigure(valid.config().log().settings(logFileName()));
            Loggers.ofThisJvm().sendTo(written);
        } catch (IOException e) {
            log.error("cannot write the log as the new configuration says: {}", e.toString());
        }
        running.reload(valid.config());
    }

    /** Started under Patroni's name, the log has Patroni's name too: collectors look for it. */
    private static String logFileName() {
        return "patroni".equals(System.getenv("PGHA_STARTED_AS")) ? "patroni.log" : "pgha-agent.log";
    }

    /** A bug: say it once, with what led to it, and end at once. Guard, kernel and systemd do the rest. */
    private void die(Thread thread, Throwable bug) {
        Agent running = agent.get();
        List<String> decisions = running == null ? List.of() : running.lastDecisions();
        System.err.printf(
                "bug in thread %s; the last decisions were %s%n",
                thread.getName(),
                decisions.stream().limit(DECISIONS_IN_A_REPORT).toList());
        bug.printStackTrace();
        Runtime.getRuntime().halt(ExitCode.BUG.number());
    }
}
