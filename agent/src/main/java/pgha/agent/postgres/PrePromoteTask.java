package pgha.agent.postgres;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/** Asks the operator's program whether the replica may be promoted. Bounded by the lease: who loses it, cancels. */
record PrePromoteTask(LocalServer server) implements Task {
    private static final Duration LIMIT = Duration.ofHours(1);

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        Optional<String> line = server.config().hooks().prePromote();
        if (line.isEmpty()) {
            return new Succeeded();
        }
        ExternalCommand.Ended ended = server.runOperators(line.get(), "pre_promote", LIMIT, cancel);
        return ended.isSuccess() ? new Succeeded() : new Failed("cannot promote: " + ended.brief("pre_promote"));
    }
}
