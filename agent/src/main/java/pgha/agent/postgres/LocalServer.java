package pgha.agent.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import pgha.agent.os.BootClock;
import pgha.agent.os.PidFd;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;

/**
 * What a task works on and with: the settings as they are now, the process, the files, the programs.
 *
 * <p>Immutable; made anew for each task.
 */
record LocalServer(
        PostgresConfig config,
        Postmaster postmaster,
        ExternalCommand commands,
        ParameterCheck parameterCheck,
        BootClock clock) {

    private static final Duration DYING = Duration.ofSeconds(5);

    /** The same in one role. */
    LocalServer as(boolean replica) {
        return new LocalServer(config.as(replica), postmaster, commands, parameterCheck, clock);
    }

    DataDirectory directory() {
        return new DataDirectory(config.dataDir());
    }

    ConfigFiles files() {
        return new ConfigFiles(config);
    }

    Programs programs() {
        return Programs.of(config, System.getenv());
    }

    Sql sql() {
        return new Sql(config);
    }

    ControlReader.Reading control() throws InterruptedException {
        return new ControlReader(commands).read(programs(), config.dataDir());
    }

    /** What it is to run with, without what this PostgreSQL does not take. */
    ParameterCatalog.Effective parameters(CancelToken cancel) throws InterruptedException {
        SortedMap<String, String> asked =
                ParameterCatalog.effective(config, Map.of()).file();
        return ParameterCatalog.effective(config, parameterCheck.refusals(programs(), config.dataDir(), asked, cancel));
    }

    /** Runs one of PostgreSQL's programs with its output in English. */
    ExternalCommand.Ended run(String program, List<String> arguments, Duration timeout, CancelToken cancel)
            throws InterruptedException {
        return commands.run(programs().tool(program, arguments, commands.newOutput(program)), timeout, cancel);
    }

    /** Runs a program of the operator's. */
    ExternalCommand.Ended runOperators(String line, String name, Duration timeout, CancelToken cancel)
            throws InterruptedException {
        return commands.run(programs().operators(line, List.of(), commands.newOutput(name)), timeout, cancel);
    }

    /** Why a server cannot be started or its files touched: one runs. */
    Optional<String> objectionToStart() {
        Optional<Integer> running = postmaster.adopt();
        if (running.isPresent()) {
            return Optional.of("it runs already, as process " + running.get());
        }
        Optional<Integer> single = directory().pidFile().map(PidFile::pid).filter(pid -> pid < 0 && runsHere(-pid));
        if (single.isPresent()) {
            return Optional.of("a single-user server works on it, as process " + -single.get());
        }
        RestoreMark restore = RestoreMark.of(config.dataDir());
        if (restore.isThere()) {
            restore.endEarlier();
        }
        // Backends of a postmaster that died before we came.
        boolean clear = postmaster.processes().isEmpty() || postmaster.killWriter();
        return clear ? Optional.empty() : Optional.of("processes of an earlier server do not die");
    }

    /** Ends what an agent that was killed has left running of {@code program}: it would write where we are about to. */
    void endEarlier(String program, Path made) {
        // pg_rewind calls it --target-pgdata.
        String target = "pgdata=" + made;
        for (int pid : ProcessTable.all()) {
            boolean writesHere =
                    ProcessTable.programOf(pid).filter(program::equals).isPresent()
                            && ProcessTable.title(pid).contains(target);
            if (writesHere) {
                List<Integer> children = ProcessTable.childrenOf(pid);
                kill(pid);
                children.forEach(LocalServer::kill);
            }
        }
    }

    private static void kill(int pid) {
        PidFd.open(pid).ifPresent(process -> {
            try (process) {
                process.signal(Signal.KILL);
                process.awaitExit(DYING);
            }
        });
    }

    private boolean runsHere(int pid) {
        return postmaster.processes().contains(pid);
    }
}
