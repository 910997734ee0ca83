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
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Makes a new cluster with initdb, and its first configuration. The server is not started.
 *
 * <p>Only into a directory that is missing or empty. A failed or cancelled initdb leaves none behind, as initdb itself
 * sees to.
 */
record InitDbTask(LocalServer server) implements Task {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        Path passwordFile = server.config().runtimeDir().resolve(".initdb.password");
        try {
            if (!server.directory().isEmpty()) {
                return new Failed(
                        "cannot make a new cluster: " + server.config().dataDir() + " is not empty");
            }
            Files.createDirectories(server.config().dataDir().toAbsolutePath().getParent());
            Files.createDirectories(server.config().runtimeDir());
            ExternalCommand.Ended ended = server.run("initdb", arguments(passwordFile), TIMEOUT, cancel);
            if (!ended.isSuccess()) {
                return new Failed("cannot make a new cluster: " + ended.brief("initdb"));
            }
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

    private List<String> arguments(Path passwordFile) throws IOException {
        PostgresConfig config = server.config();
        List<String> arguments = new ArrayList<>();
        arguments.add("--pgdata=" + config.dataDir());
        arguments.add("--username=" + config.superuser().username());
        if (config.superuser().password().isPresent()) {
            Texts.replace(passwordFile, config.superuser().password().get() + "\n", "rw-------");
            arguments.add("--pwfile=" + passwordFile);
        }
        arguments.addAll(config.bootstrap().initdbOptions());
        return arguments;
    }
}
