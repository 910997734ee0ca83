package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.os.WallClock;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Has a program of the operator's make the data of a new cluster, such as from a backup. The server is not started.
 *
 * <p>Only where the data directory is missing, empty or of no use. The cluster has the marks of one that is half made and
 * that has not been opened: {@link StartPrimaryTask} brings it to the end of its recovery, under a term, since a server
 * that recovers becomes a primary by itself. What a program leaves that has failed is moved aside.
 */
record CustomBootstrapTask(LocalServer server, BootstrapProgram program) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        try {
            Optional<String> objection = server.objectionToStart();
            RestorePlace place = RestorePlace.of(server);
            if (objection.isEmpty()) {
                objection = vacate(place, progress);
            }
            if (objection.isEmpty()) {
                progress.accept(new Progress.Note("running " + program.name()));
                objection = make(place, cancel);
            }
            return objection.map(this::failed).orElseGet(Succeeded::new);
        } catch (IOException e) {
            return failed(Texts.reason(e));
        }
    }

    private Optional<String> vacate(RestorePlace place, Consumer<Progress> progress) throws IOException {
        DataDirectory directory = server.directory();
        if (!directory.isEmpty() && !directory.isBrokenOff()) {
            return Optional.of(server.config().dataDir() + " is not empty");
        }
        Optional<String> objection = place.clear(progress);
        if (objection.isEmpty()) {
            place.create();
        }
        return objection;
    }

    private Optional<String> make(RestorePlace place, CancelToken cancel) throws IOException, InterruptedException {
        ExternalCommand.Ended ended = place.run(program.name(), program.command(), arguments(), Map.of(), cancel);
        Optional<String> objection = ended.isSuccess() ? complete() : Optional.of(ended.brief(program.name()));
        if (objection.isEmpty()) {
            place.mark().remove();
            return Optional.empty();
        }
        Optional<Path> aside = new DirectoryMove(server.config().dataDir(), new WallClock().now()).moveAside();
        return objection.map(
                why -> why + aside.map(path -> "; what it left is in " + path).orElse(""));
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!program.plain()) {
            arguments.add("--scope=" + server.config().scope());
            arguments.add("--datadir=" + server.config().dataDir());
        }
        program.parameters().forEach((key, value) -> arguments.add("--" + key + "=" + value));
        return arguments;
    }

    /** Makes a new cluster of what the program has made; why that cannot be, if it cannot. */
    private Optional<String> complete() throws IOException {
        DataDirectory directory = server.directory();
        ConfigFiles files = server.files();
        if (!directory.holdsCluster()) {
            return Optional.of("it succeeded, and there is no cluster in " + directory.path());
        }
        if (program.keepsWhatItLeft() && directory.hasStandbySignal()) {
            return Optional.of("it left standby.signal, and a standby never becomes a primary by itself");
        }
        directory.markUnopened();
        if (program.recovery().isPresent()) {
            files.writeRecoverySignal();
        } else if (!program.keepsRecovery()) {
            files.removeSignals();
        }
        files.adoptBase();
        files.appendBootstrapHba();
        return Optional.empty();
    }

    private Outcome failed(String why) {
        return new Failed("cannot make a new cluster by %s: %s".formatted(program.name(), why));
    }
}
