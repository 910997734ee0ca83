package pgha.agent.postgres;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.os.WallClock;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/** Moves what is in the data directory aside, under a name with the time. Nothing is deleted. */
record MoveAsideTask(LocalServer server) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        Optional<String> objection = server.objectionToStart();
        if (objection.isPresent()) {
            return new Failed("cannot move the data directory aside: " + objection.get());
        }
        try {
            new DirectoryMove(server.config().dataDir(), new WallClock().now())
                    .moveAside()
                    .ifPresent(aside -> progress.accept(new Progress.Note("moved what was there to " + aside)));
            return new Succeeded();
        } catch (IOException e) {
            return new Failed("cannot move the data directory aside: " + Texts.reason(e));
        }
    }
}
