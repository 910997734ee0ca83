package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;
import pgha.dcs.model.Moment;

/**
 * Brings a cluster that a program of the operator's has made to the end of its recovery, gives its superuser our password,
 * and stops it again.
 *
 * <p>Used by one task. Under a term and an armed guard, although it only recovers at first: PostgreSQL goes on to write by
 * itself when recovery is over. Nobody but this user can reach it meanwhile, on a socket in a directory of ours: whoever
 * comes there is trusted, for the passwords in the restored cluster are not known.
 */
final class FirstStart implements WriterSteps.Work {
    private static final Duration LONGEST_RECOVERY = Duration.ofDays(30);
    private static final Duration LONGEST_STOP = Duration.ofMinutes(10);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(10);

    private final LocalServer server;
    private final BootstrapProgram program;
    private final CancelToken cancel;
    private final Consumer<Progress> progress;
    private final Path trust;
    private SortedMap<String, String> commandLine = new TreeMap<>();

    FirstStart(LocalServer server, BootstrapProgram program, CancelToken cancel, Consumer<Progress> progress) {
        this.server = server;
        this.program = program;
        this.cancel = cancel;
        this.progress = progress;
        this.trust = server.config().runtimeDir().resolve(".first-start.hba");
    }

    @Override
    public Optional<Outcome> prepare() throws IOException, InterruptedException {
        ParameterCatalog.Effective parameters = server.parameters(cancel);
        server.files().writeToRecover(parameters, program);
        server.files().writeSyncNames(Optional.empty());
        Files.createDirectories(trust.getParent());
        Texts.replace(trust, "local all all trust\n", "rw-------");
        commandLine = behindClosedDoors(parameters.commandLine());
        cancel.throwIfRequested();
        return Optional.empty();
    }

    private SortedMap<String, String> behindClosedDoors(SortedMap<String, String> usual) {
        SortedMap<String, String> closed = new TreeMap<>(usual);
        closed.put("listen_addresses", "");
        closed.put("unix_socket_directories", server.config().runtimeDir().toString());
        closed.put("unix_socket_permissions", "0700");
        closed.put("hba_file", trust.toString());
        // It says that it is ready when recovery is over, and not before; nor does it mind that the settings, too, were
        // larger where the log was written.
        closed.put("hot_standby", "off");
        closed.put("recovery_target_action", "promote");
        closed.put("synchronous_standby_names", "");
        return closed;
    }

    @Override
    public Optional<Outcome> act() throws IOException, InterruptedException {
        progress.accept(new Progress.Note("recovering what " + program.name() + " has made"));
        try {
            Outcome started = new ServerStart(server).start("primary", commandLine, LONGEST_RECOVERY, cancel);
            if (!(started instanceof Succeeded)) {
                return Optional.of(started);
            }
            Optional<String> failure = settlePassword();
            stop();
            if (failure.isPresent()) {
                return failure.map(why -> new Outcome.Failed("cannot start as primary: " + why));
            }
            server.directory().markHalfMade();
            return Optional.empty();
        } finally {
            ExternalCommand.deleteQuietly(trust);
        }
    }

    /** Why it cannot be set. */
    private Optional<String> settlePassword() {
        PostgresConfig.Credentials superuser = server.config().superuser();
        if (superuser.password().isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = server.sql().toOwnSocket(STATEMENT_TIMEOUT)) {
            Roles.quiet(connection);
            Roles.create(connection, superuser, "SUPERUSER LOGIN");
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of("cannot set the password of " + superuser.username() + " in the restored cluster: "
                    + Sql.reason(e));
        }
    }

    private void stop() throws InterruptedException {
        Moment until = server.clock().now().plus(LONGEST_STOP);
        server.postmaster().signal(Signal.INT);
        while (!server.postmaster().awaitExit(STEP)) {
            if (cancel.isRequested() || server.clock().now().isAfter(until)) {
                server.postmaster().killWriter();
            }
        }
        cancel.throwIfRequested();
    }

    @Override
    public void takeBack() {
        ExternalCommand.deleteQuietly(trust);
    }
}
