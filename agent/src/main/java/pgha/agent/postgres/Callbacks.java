package pgha.agent.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import pgha.agent.ha.Callback;
import pgha.agent.os.Command;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;
import pgha.dcs.model.Role;

/**
 * Tells the operator's programs what has become of the server: {@code COMMAND ARGUMENTS ACTION ROLE SCOPE}.
 *
 * <p>Thread-safe; never blocks. Nobody waits for them and nothing depends on them. The one for a reload does not end
 * another, nor is it ended by one. They get this process's environment but for what is between it and the service
 * manager, run in {@code /}, and their output goes to {@code callbacks.log} in the log directory.
 */
public final class Callbacks implements AutoCloseable {
    private final Supplier<PostgresConfig> config;
    private final CallbackLane changes;
    private final CallbackLane reloads;

    public Callbacks(Supplier<PostgresConfig> config, Spawner spawner, Threads threads) {
        this.config = config;
        this.changes = new CallbackLane(spawner);
        this.reloads = new CallbackLane(spawner);
        threads.start("callbacks", changes);
        threads.start("callbacks-reload", reloads);
    }

    public void call(Callback callback, Role role) {
        PostgresConfig now = config.get();
        Optional.ofNullable(now.hooks().callbacks().get(callback))
                .map(line -> command(now, line, callback, role))
                .ifPresent((callback == Callback.RELOAD ? reloads : changes)::call);
    }

    private static Command command(PostgresConfig config, String line, Callback callback, Role role) {
        List<String> arguments = new ArrayList<>(List.of(callback.word(), role.word(), config.scope()));
        return Programs.of(config, System.getenv())
                .operators(line, arguments, config.logDir().resolve("callbacks.log"));
    }

    @Override
    public void close() {
        changes.close();
        reloads.close();
    }
}
