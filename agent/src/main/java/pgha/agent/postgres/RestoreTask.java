package pgha.agent.postgres;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/**
 * Has a program of the operator's make the data directory, where it is: such a program may know no other place.
 *
 * <p>What is there before is moved aside first, since nobody knows whether it is the only copy of something. With
 * {@code keep_data} the program is given what an earlier attempt left, and what {@link HeldBySource} says that the source
 * has, too. Until the program has succeeded a mark beside the directory says that what it makes is of no use
 * yet, also to the agent after this one, which ends a program that is still at it.
 */
record RestoreTask(LocalServer server, Optional<Upstream> from, ReplicaMethod.Program method) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        Optional<String> objection = server.objectionToStart();
        if (objection.isPresent()) {
            return failed(objection.get());
        }
        try {
            server.endEarlier("pg_rewind", server.config().dataDir());
            RestorePlace place = RestorePlace.of(server);
            objection = vacate(place, progress);
            if (objection.isEmpty()) {
                objection = make(place, cancel);
            }
            return objection.isEmpty() ? new Succeeded() : failed(objection.get());
        } catch (IOException e) {
            return failed(Texts.reason(e));
        }
    }

    private Optional<String> make(RestorePlace place, CancelToken cancel) throws IOException, InterruptedException {
        RestoreMark mark = place.mark();
        ExternalCommand.Ended ended = restore(place, cancel);
        if (!ended.isSuccess()) {
            boolean left = !server.directory().isEmpty();
            return Optional.of(ended.brief(method.name())
                    + (left ? "; to use what it left all the same, delete " + mark.file() : ""));
        }
        if (!server.directory().holdsCluster()) {
            return Optional.of("it succeeded, and there is no cluster in " + mark.dataDir());
        }
        server.files().writeStandbySignal();
        // A backup that post_bootstrap has taken is of a cluster that was half made then.
        server.directory().markWhole();
        server.directory().markFreshCopy();
        mark.remove();
        return Optional.empty();
    }

    /** Why that cannot be, if it cannot. */
    private Optional<String> vacate(RestorePlace place, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        Optional<String> objection = keeps(place, progress) ? Optional.empty() : place.clear(progress);
        if (objection.isEmpty()) {
            place.create();
        }
        return objection;
    }

    private boolean keeps(RestorePlace place, Consumer<Progress> progress) throws IOException, InterruptedException {
        if (!method.keepsData() || server.directory().isEmpty()) {
            return false;
        }
        if (place.mark().isThere()) {
            return true;
        }
        Optional<String> mayBeLost = new HeldBySource(server, from).objection();
        mayBeLost.ifPresent(why -> progress.accept(new Progress.Note(
                "what is there is not kept for %s, which might overwrite it: %s".formatted(method.name(), why))));
        return mayBeLost.isEmpty();
    }

    private ExternalCommand.Ended restore(RestorePlace place, CancelToken cancel)
            throws IOException, InterruptedException {
        PostgresConfig config = server.config();
        if (from.isPresent()) {
            new PasswordFile(config.pgpass()).know(from.get().address(), config.replication());
        }
        return place.run(
                method.name(), method.command(), arguments(), server.programs().forLibpq(), cancel);
    }

    private List<String> arguments() {
        PostgresConfig config = server.config();
        Map<String, String> parameters = new LinkedHashMap<>(method.parameters());
        if (!method.plain()) {
            parameters.put("scope", config.scope());
            parameters.put("role", "replica");
            parameters.put("datadir", config.dataDir().toString());
            parameters.put("connstring", from.map(this::connection).orElse(""));
        }
        return parameters.entrySet().stream()
                .map(parameter -> "--" + parameter.getKey() + "=" + parameter.getValue())
                .toList();
    }

    private String connection(Upstream source) {
        return ConnInfo.to(source.address(), server.config().replication(), server.config(), method.name())
                .toString();
    }

    private Outcome failed(String why) {
        return new Failed("cannot make a replica by %s: %s".formatted(method.name(), why));
    }
}
