package pgha.agent.postgres;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Starts the server as a replica of an upstream, or of nobody.
 *
 * <p>It cannot write, so no lease is needed. Succeeds when it takes connections, which is when it is consistent.
 */
record StartReplicaTask(LocalServer server, Optional<Upstream> upstream) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        Optional<String> objection = server.objectionToStart();
        if (objection.isPresent()) {
            return new Failed("cannot start as replica: " + objection.get());
        }
        try {
            ParameterCatalog.Effective parameters = server.parameters(cancel);
            parameters.warnings().forEach(warning -> progress.accept(new Progress.Note(warning)));
            server.files().write(parameters, upstream);
            server.files().writeSyncNames(Optional.empty());
            server.files().writeStandbySignal();
            SortedMap<String, String> commandLine = server.control()
                    .data()
                    .map(control -> ParameterCatalog.raised(parameters.commandLine(), control))
                    .orElse(parameters.commandLine());
            Outcome outcome = new ServerStart(server).start("replica", commandLine, cancel);
            if (outcome instanceof Outcome.Succeeded && !commandLine.equals(parameters.commandLine())) {
                // Its files have the smaller values that are wanted; that these wait for a restart it sees when it
                // reads them.
                server.postmaster().signal(Signal.HUP);
            }
            return outcome;
        } catch (IOException e) {
            return new Failed("cannot start as replica: " + Texts.reason(e));
        }
    }
}
