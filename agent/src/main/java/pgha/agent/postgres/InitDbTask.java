package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * Makes a new cluster with initdb, and its first configuration. The server is not started.
 *
 * <p>Only where the data directory is missing, empty or of no use; what is in it is moved aside. The cluster is made beside
 * it and put in its place when it is whole, with the mark that it is half a cluster still: {@link PostBootstrapTask} takes
 * that off. So an agent that finds the work of one that died knows how far it came.
 */
record InitDbTask(LocalServer server) implements Task {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        Path passwordFile = server.config().runtimeDir().resolve(".initdb.password");
        try {
            if (!server.directory().isEmpty() && !server.directory().isBrokenOff()) {
                return new Failed(
                        "cannot make a new cluster: " + server.config().dataDir() + " is not empty");
            }
            Files.createDirectories(server.config().runtimeDir());
            DirectoryMove move = new DirectoryMove(server.config().dataDir(), new WallClock().now());
            server.endEarlier("initdb", move.newPath());
            RestoreMark.of(server.config().dataDir()).endEarlier();
            Path made = move.prepareNew();
            ExternalCommand.Ended ended = server.run("initdb", arguments(made, passwordFile), TIMEOUT, cancel);
            if (!ended.isSuccess()) {
                return new Failed("cannot make a new cluster: " + ended.brief("initdb"));
            }
            new DataDirectory(made).markHalfMade();
            move.install();
            ConfigFiles files = server.files();
            files.adoptBase();
            files.appendBootstrapHba();
            files.write(server.parameters(cancel), Optional.empty());
            return new Succeeded();
        } catch (IOException e) {
            return new Failed("cannot make a new cluster: " + Texts.reason(e));
        } finally {
            ExternalCommand.deleteQuietly(passwordFile);
        }
    }

    private List<String> arguments(Path made, Path passwordFile) throws IOException {
        PostgresConfig config = server.config();
        List<String> arguments = new ArrayList<>();
        arguments.add("--pgdata=" + made);
        arguments.add("--username=" + config.superuser().username());
        if (config.superuser().password().isPresent()) {
            Texts.replace(passwordFile, config.superuser().password().get() + "\n", "rw-------");
            arguments.add("--pwfile=" + passwordFile);
        }
        arguments.addAll(config.bootstrap().initdbOptions());
        return arguments;
    }
}
