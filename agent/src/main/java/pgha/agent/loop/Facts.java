package pgha.agent.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Decision;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Moment;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.NodeStatus.Fact;

/** The facts behind a decision, in people's words. Pure. */
final class Facts {
    private Facts() {}

    /** @param trouble what the store said instead of yes; empty if all is well */
    static List<Fact> of(NodeState state, Decision decision, String trouble, Moment now) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "leader",
                state.view()
                        .leader()
                        .map(LeaderRecord::name)
                        .map(Object::toString)
                        .orElse("nobody, since revision " + state.view().vacantSince())));
        facts.add(new Fact("lease", leaseSentence(state, now)));
        facts.add(new Fact("postgres", postgres(state)));
        sync(state).ifPresent(sentence -> facts.add(new Fact("sync", sentence)));
        facts.add(new Fact("vip", vip(state)));
        state.work()
                .task()
                .ifPresent(task -> facts.add(new Fact(
                        "task",
                        "%s for %s %s"
                                .formatted(
                                        task.spec().brief(), text(task.since().until(now)), task.note())
                                .strip())));
        scheduled(state).ifPresent(sentence -> facts.add(new Fact("scheduled", sentence)));
        facts.add(new Fact("store", store(state, trouble)));
        facts.add(new Fact("next look", "in %s, or on an event".formatted(text(decision.lookAgainIn()))));
        return facts;
    }

    private static Optional<String> scheduled(NodeState state) {
        String switchover = state.view()
                .request()
                .flatMap(SwitchoverRequest::scheduledAt)
                .map(at -> "switchover at " + at)
                .orElse("");
        String restart =
                state.agenda().restart().map(plan -> "restart at " + plan.at()).orElse("");
        String both = switchover.isEmpty() || restart.isEmpty() ? switchover + restart : switchover + ", " + restart;
        return Optional.of(both).filter(text -> !text.isEmpty());
    }

    private static String store(NodeState state, String trouble) {
        if (state.cluster().linkUp()) {
            String revision = "revision " + state.view().revision();
            return trouble.isEmpty() ? revision : revision + "; did not do what we asked last: " + trouble;
        }
        String silent = "does not answer; this is revision " + state.view().revision();
        return trouble.isEmpty() ? silent : silent + "; last cause: " + trouble;
    }

    static String lease(NodeState state, Moment now) {
        return state.tenure()
                .term()
                .map(term -> now.isBefore(term.expiresAt()) ? text(now.until(term.expiresAt())) : "over")
                .orElse("-");
    }

    static String timeline(NodeState state) {
        return state.local()
                .observation()
                .sql()
                .map(sql -> sql.timeline().toString())
                .orElse("-");
    }

    static String position(NodeState state) {
        return state.local()
                .observation()
                .sql()
                .map(sql -> sql.position().toString())
                .orElse("-");
    }

    private static String leaseSentence(NodeState state, Moment now) {
        if (state.tenure().term().isEmpty()) {
            return "none of ours";
        }
        LeaseTerm term = state.tenure().term().get();
        if (!now.isBefore(term.expiresAt())) {
            return "none of ours: the last one was over %s ago"
                    .formatted(text(term.expiresAt().until(now)));
        }
        return "%s good for %s, renewed %s ago%s"
                .formatted(
                        term.lease(),
                        text(now.until(term.expiresAt())),
                        text(term.sentAt().until(now)),
                        state.tenure().lost() ? ", lost" : "");
    }

    private static String postgres(NodeState state) {
        String word = state.postgres().word();
        return state.local()
                .observation()
                .sql()
                .map(sql -> "%s, timeline %s, %s%s".formatted(word, sql.timeline(), sql.position(), senders(sql)))
                .orElseGet(() -> state.local().observation().complaint().isEmpty()
                        ? word
                        : word + ": " + state.local().observation().complaint());
    }

    private static String senders(Observation.Sql sql) {
        if (sql.inRecovery()) {
            return sql.upstream()
                    .map(up -> ", follows " + up + (sql.streaming() ? ", streaming" : ""))
                    .orElse("");
        }
        long streaming = sql.senders().stream()
                .filter(sender -> sender.state().equals("streaming"))
                .count();
        return ", %d replica%s streaming".formatted(streaming, streaming == 1 ? "" : "s");
    }

    /** Who has every acknowledged commit, and whom the next ones wait for. */
    private static Optional<String> sync(NodeState state) {
        if (state.cluster().settings().synchronousMode() == SynchronousMode.OFF) {
            return Optional.empty();
        }
        String voters = state.view()
                .sync()
                .map(sync -> "%s leads, and %s has every acknowledged commit"
                        .formatted(sync.leader(), sync.voters().isEmpty() ? "nobody else" : sync.voters()))
                .orElse("not in force yet");
        String names = state.local()
                .observation()
                .sql()
                .filter(sql -> !sql.inRecovery())
                .map(sql -> sql.synchrony().names())
                .map(waited -> waited.isEmpty() ? "; commits wait for nobody" : "; commits wait for " + waited)
                .orElse("");
        return Optional.of(voters + names);
    }

    private static String vip(NodeState state) {
        return switch (state.local().vip()) {
            case NOT_CONFIGURED -> "none configured";
            case BOUND -> "bound here";
            case PARTLY_BOUND -> "only partly here";
            case NOT_BOUND -> "not here";
            case UNKNOWN -> "unknown";
        };
    }

    private static String text(Duration duration) {
        return "%.1fs".formatted(duration.toMillis() / 1000.0);
    }
}
