package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.os.WallClock;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Has a program of the operator's make the data directory, where it is: such a program may know no other place.
 *
 * <p>What is there before is moved aside first, whatever {@code keep_data} says, for nobody knows whether it is the only
 * copy of something. Until the program has succeeded a mark beside the directory says that what it makes is of no use
 * yet, also to the agent after this one, which ends a program that is still at it.
 */
record RestoreTask(LocalServer server, Upstream from, ReplicaMethod.Program method) implements Task {
    private static final Duration LIMIT = Duration.ofDays(30);

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        Optional<String> objection = server.objectionToStart();
        if (objection.isPresent()) {
            return failed(objection.get());
        }
        try {
            server.endEarlier("pg_rewind", server.config().dataDir());
            RestoreMark mark = RestoreMark.of(server.config().dataDir());
            objection = vacate(mark, progress);
            if (objection.isEmpty()) {
                objection = make(mark, cancel);
            }
            return objection.isEmpty() ? new Succeeded() : failed(objection.get());
        } catch (IOException e) {
            return failed(Texts.reason(e));
        }
    }

    private Optional<String> make(RestoreMark mark, CancelToken cancel) throws IOException, InterruptedException {
        mark.begin();
        ExternalCommand.Ended ended;
        try {
            ended = restore(mark, cancel);
        } finally {
            mark.brokenOff();
        }
        if (!ended.isSuccess()) {
            boolean left = !server.directory().isEmpty();
            return Optional.of(ended.brief(method.name())
                    + (left ? "; to use what it left all the same, delete " + mark.file() : ""));
        }
        if (!server.directory().holdsCluster()) {
            return Optional.of("it succeeded, and there is no cluster in " + mark.dataDir());
        }
        server.files().writeStandbySignal();
        mark.remove();
        return Optional.empty();
    }

    /** Why that cannot be, if it cannot. */
    private Optional<String> vacate(RestoreMark mark, Consumer<Progress> progress) throws IOException {
        Path dataDir = mark.dataDir();
        if (!mark.isThere() || !method.keepsData()) {
            DirectoryMove move = new DirectoryMove(dataDir, new WallClock().now());
            if (move.staysInside()) {
                return Optional.of("what is in " + dataDir
                        + " can only be moved aside within it, where a program that restores may delete it");
            }
            move.moveAside().ifPresent(aside -> progress.accept(new Progress.Note("moved what was there to " + aside)));
        }
        if (!Files.exists(dataDir)) {
            Files.createDirectory(
                    dataDir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return Optional.empty();
    }

    private ExternalCommand.Ended restore(RestoreMark mark, CancelToken cancel)
            throws IOException, InterruptedException {
        PostgresConfig config = server.config();
        new PasswordFile(config.pgpass()).know(from.address(), config.replication());
        return server.commands()
                .run(
                        server.programs()
                                .operators(
                                        method.command(),
                                        arguments(),
                                        server.commands().newOutput(method.name()))
                                .with(server.programs().forLibpq())
                                .with(Map.of(RestoreMark.VARIABLE, mark.value())),
                        LIMIT,
                        cancel);
    }

    private List<String> arguments() {
        if (method.plain()) {
            return List.of();
        }
        PostgresConfig config = server.config();
        List<String> arguments = new ArrayList<>(List.of(
                "--scope=" + config.scope(),
                "--role=replica",
                "--datadir=" + config.dataDir(),
                "--connstring=" + ConnInfo.to(from.address(), config.replication(), config, method.name())));
        method.parameters().forEach((key, value) -> arguments.add("--" + key + "=" + value));
        return arguments;
    }

    private Outcome failed(String why) {
        return new Failed("cannot make a replica by %s: %s".formatted(method.name(), why));
    }
}
