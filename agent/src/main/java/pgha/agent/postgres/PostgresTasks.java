package pgha.agent.postgres;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import pgha.agent.ha.Observation;
import pgha.agent.ha.TaskSpec;
import pgha.agent.os.BootClock;
import pgha.agent.os.Spawner;
import pgha.agent.task.Task;
import pgha.dcs.model.Moment;

/**
 * Makes the task for each {@link TaskSpec}, and what else works on the local server.
 *
 * <p>Thread-safe. The settings are asked for at the start of each task: a task works with one set of them.
 */
public final class PostgresTasks {
    private final Supplier<PostgresConfig> config;
    private final Postmaster postmaster;
    private final WriterPermit permit;
    private final BootClock clock;
    private final ExternalCommand commands;
    private final ParameterCheck parameterCheck;

    public PostgresTasks(
            Supplier<PostgresConfig> config,
            Postmaster postmaster,
            Spawner spawner,
            WriterPermit permit,
            BootClock clock) {
        this.config = config;
        this.postmaster = postmaster;
        this.permit = permit;
        this.clock = clock;
        this.commands = new ExternalCommand(spawner, clock, config.get().runtimeDir());
        this.parameterCheck = new ParameterCheck(commands);
    }

    public Task create(TaskSpec spec) {
        LocalServer server = local();
        return switch (spec) {
            case TaskSpec.InitDb s -> newCluster(server.as(false));
            case TaskSpec.PostBootstrap s -> new PostBootstrapTask(server.as(false));
            case TaskSpec.BaseBackup s -> new CloneTask(server, s.from());
            case TaskSpec.Rewind s -> new RewindTask(server, s.from());
            case TaskSpec.StartPrimary s -> new StartPrimaryTask(server.as(false), permit, s);
            case TaskSpec.StartReplica s -> new StartReplicaTask(server.as(true), s.upstream());
            case TaskSpec.StopPostgres s -> new StopTask(server, s);
            case TaskSpec.PrePromote s -> new PrePromoteTask(server);
            case TaskSpec.Promote s -> new PromoteTask(server, permit, s);
            case TaskSpec.Follow s -> new FollowTask(server.as(true), s.upstream());
            case TaskSpec.CarrySlots s -> new CarrySlotsTask(server, s);
            case TaskSpec.MoveAside s -> new MoveAsideTask(server);
            case TaskSpec.Checkpoint s -> new CheckpointTask(server);
        };
    }

    private static Task newCluster(LocalServer server) {
        return server.config()
                .bootstrap()
                .program()
                .<Task>map(program -> new CustomBootstrapTask(server, program))
                .orElseGet(() -> new InitDbTask(server));
    }

    /** The one observer of this server; to be started by the caller. */
    public Observer observer(BiConsumer<Observation, Moment> changed) {
        return new Observer(config, postmaster, new ControlReader(commands), clock, changed);
    }

    public ReplicationSlots slots() {
        return new ReplicationSlots(config);
    }

    /** To move the slots of a replica. */
    public SlotCopies slotCopies() {
        return new SlotCopies(config);
    }

    /** Has what was cloned or restored count like any other data directory; what stood against it. */
    public List<String> acceptCopy() {
        DataDirectory directory = local().directory();
        try {
            directory.acceptCopy();
            return List.of();
        } catch (IOException e) {
            return List.of(
                    "cannot take the mark of a fresh copy from %s: %s".formatted(directory.path(), Texts.reason(e)));
        }
    }

    /** To change whom the server that runs now waits for. */
    public RunningSyncNames syncNames() {
        return new RunningSyncNames(local());
    }

    /** To bring the server that runs, in that role, to the settings as they are. */
    public RunningSettings settings(boolean replica) {
        return new RunningSettings(() -> local().as(replica));
    }

    private LocalServer local() {
        return new LocalServer(config.get(), postmaster, commands, parameterCheck, clock);
    }
}
