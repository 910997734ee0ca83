package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Progress;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/** Takes a checkpoint beside serving, for as long as that lasts. Cancelling does not end it: it is harmless. */
record CheckpointTask(LocalServer server) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) {
        try (Connection connection = server.sql().toOwnServer(Duration.ZERO);
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            return new Outcome.Succeeded();
        } catch (SQLException e) {
            return new Outcome.Failed("cannot checkpoint: " + Sql.reason(e));
        }
    }
}
