package pgha.agent.postgres;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Starts the server as a primary, under a given lease.
 *
 * <p>The guard is armed before anything is changed, and the term is looked at once more before the server is started:
 * from that moment on it may write. After a crash this is where recovery happens.
 */
record StartPrimaryTask(LocalServer server, WriterPermit permit, TaskSpec.StartPrimary spec) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        Optional<String> objection = server.objectionToStart();
        if (objection.isEmpty()) {
            objection = permit.arm(spec.lease());
        }
        if (objection.isPresent()) {
            return new Failed("cannot start as primary: " + objection.get());
        }
        try {
            ParameterCatalog.Effective parameters = server.parameters(cancel);
            parameters.warnings().forEach(warning -> progress.accept(new Progress.Note(warning)));
            server.files().write(parameters, Optional.empty());
            server.files().writeSyncNames(spec.names());
            cancel.throwIfRequested();
            Optional<String> refusal = permit.confirm(spec.lease());
            if (refusal.isPresent()) {
                return new Failed("cannot start as primary: " + refusal.get());
            }
            server.files().removeSignals();
            return new ServerStart(server).start("primary", parameters.commandLine(), cancel);
        } catch (IOException e) {
            return new Failed("cannot start as primary: " + Texts.reason(e));
        }
    }
}
