package pgha.agent.postgres;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Starts the server as a primary, under a given lease.
 *
 * <p>The guard is armed before anything is changed, and the term is looked at once more before the server is started:
 * from that moment on it may write. After a crash this is where recovery happens. A cluster that a program of the
 * operator's has made is brought to the end of its own recovery first.
 */
record StartPrimaryTask(LocalServer server, WriterPermit permit, TaskSpec.StartPrimary spec) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        WriterSteps steps = new WriterSteps(permit, spec.lease(), "start as primary");
        Optional<Outcome> objection = server.objectionToStart().map(steps::failed);
        if (objection.isPresent()) {
            return objection.get();
        }
        Outcome opened = opened(steps, cancel, progress);
        return opened instanceof Outcome.Succeeded ? steps.take(new Start(cancel, progress)) : opened;
    }

    private Outcome opened(WriterSteps steps, CancelToken cancel, Consumer<Progress> progress)
            throws InterruptedException {
        if (!server.directory().isUnopened()) {
            return new Outcome.Succeeded();
        }
        Optional<BootstrapProgram> program = server.config().bootstrap().program();
        return program.isPresent()
                ? steps.take(new FirstStart(server, program.get(), cancel, progress))
                : steps.failed("the configuration does not say any more how it is to recover");
    }

    private final class Start implements WriterSteps.Work {
        private final CancelToken cancel;
        private final Consumer<Progress> progress;
        private SortedMap<String, String> commandLine = new TreeMap<>();

        Start(CancelToken cancel, Consumer<Progress> progress) {
            this.cancel = cancel;
            this.progress = progress;
        }

        @Override
        public Optional<Outcome> prepare() throws IOException, InterruptedException {
            ParameterCatalog.Effective parameters = server.parameters(cancel);
            parameters.warnings().forEach(warning -> progress.accept(new Progress.Note(warning)));
            server.files().write(parameters, Optional.empty());
            server.files().writeSyncNames(spec.names());
            cancel.throwIfRequested();
            commandLine = parameters.commandLine();
            return Optional.empty();
        }

        @Override
        public Optional<Outcome> act() throws IOException, InterruptedException {
            server.files().removeSignals();
            return Optional.of(new ServerStart(server).start("primary", commandLine, cancel));
        }

        @Override
        public void takeBack() {
            // What was written is written again before the next start.
        }
    }
}
