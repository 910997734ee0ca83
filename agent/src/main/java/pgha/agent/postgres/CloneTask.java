package pgha.agent.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;

/** Makes the data directory of a replica by the first of the configured methods that succeeds. */
record CloneTask(LocalServer server, Optional<Upstream> from) implements Task {
    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        List<String> failures = new ArrayList<>();
        for (ReplicaMethod method : methods()) {
            cancel.throwIfRequested();
            Outcome outcome = attempt(method).run(cancel, progress);
            if (!(outcome instanceof Failed failed)) {
                return outcome;
            }
            progress.accept(new Progress.Note(failed.sentence()));
            failures.add(failed.sentence());
        }
        return new Failed(
                failures.isEmpty()
                        ? "cannot make a replica: no method of create_replica_methods has no_leader"
                        : String.join("; then: ", failures));
    }

    private List<ReplicaMethod> methods() {
        return server.config().replicaMethods().stream()
                .filter(method -> from.isPresent() || method.needsNoLeader())
                .toList();
    }

    private Task attempt(ReplicaMethod method) {
        return switch (method) {
            case ReplicaMethod.Basebackup basebackup -> new BaseBackupTask(server, from.orElseThrow());
            case ReplicaMethod.Program program -> new RestoreTask(server, from, program);
        };
    }
}
