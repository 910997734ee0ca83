package pgha.agent.ha;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.scenario.DataDriven;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/**
 * Asks the real machine what it does in every combination of leadership, PostgreSQL, mode, task and request, and holds
 * the answers in one file, so that a change of behaviour is a diff that somebody reads.
 */
class DecisionTableTest {
    private interface Dimension extends UnaryOperator<Situations> {}

    private static final SequencedMap<String, Dimension> LEADERSHIP = new LinkedHashMap<>();
    private static final SequencedMap<String, Dimension> POSTGRES = new LinkedHashMap<>();
    private static final SequencedMap<String, Dimension> MODE = new LinkedHashMap<>();
    private static final SequencedMap<String, Dimension> REQUEST = new LinkedHashMap<>();
    private static final SequencedMap<String, Dimension> SYNC = new LinkedHashMap<>();
    private static final SequencedMap<String, Dimension> TASK = new LinkedHashMap<>();
    private static final SequencedMap<String, Dimension> ORDER = new LinkedHashMap<>();

    static {
        LEADERSHIP.put("held", s -> s.leading(Duration.ofSeconds(1)));
        LEADERSHIP.put(
                "held, view behind", s -> s.leading(Duration.ofSeconds(1)).behind());
        LEADERSHIP.put("other leads", s -> s);
        LEADERSHIP.put("vacant", s -> s.leader(Optional.empty()));
        LEADERSHIP.put(
                "vacant, term good", s -> s.withTerm(Duration.ofSeconds(1)).leader(Optional.empty()));
        LEADERSHIP.put("blind, term good", s -> s.leading(Duration.ofSeconds(1)).linkDown());
        LEADERSHIP.put("blind, term over", s -> s.leading(Duration.ofSeconds(7)).linkDown());
        LEADERSHIP.put("our name, unknown lease", s -> s.leader(Optional.of(Situations.A)));

        POSTGRES.put("unseen", s -> s.postgres(Observation.NONE));
        POSTGRES.put("absent", s -> s.postgres(Situations.absent()));
        POSTGRES.put(
                "unusable",
                s -> s.postgres(new Observation(
                        new Directory.Unusable("it belongs to root"), Optional.empty(), Optional.empty(), "")));
        POSTGRES.put("stopped primary", s -> s.postgres(Situations.stopped(LeftAs.SHUT_DOWN, 1, "0/5000000")));
        POSTGRES.put("crashed primary", s -> s.postgres(Situations.stopped(LeftAs.IN_PRODUCTION, 1, "0/5000000")));
        POSTGRES.put(
                "stopped replica", s -> s.postgres(Situations.stopped(LeftAs.SHUT_DOWN_IN_RECOVERY, 1, "0/5000000")));
        POSTGRES.put("starting primary", s -> s.postgres(Situations.starting(LeftAs.IN_PRODUCTION))
                .armed());
        POSTGRES.put("starting replica", s -> s.postgres(Situations.starting(LeftAs.IN_ARCHIVE_RECOVERY)));
        POSTGRES.put(
                "replica",
                s -> s.postgres(Situations.running(Situations.sql(true, 1, "0/5000000", Optional.of(Situations.B)))));
        POSTGRES.put(
                "primary", s -> s.postgres(Situations.running(Situations.sql(false, 1, "0/5000000", Optional.empty())))
                        .armed()
                        .vip(VipState.BOUND));
        POSTGRES.put("silent primary", s -> s.unresponsive(Situations.sql(false, 1, "0/5000000", Optional.empty()))
                .armed()
                .vip(VipState.BOUND));
        POSTGRES.put("stale primary", s -> s.postgres(
                        Situations.running(Situations.sql(false, 1, "0/5000000", Optional.empty())))
                .history(new TimelineHistory(
                        List.of(new TimelineHistory.Switch(new Timeline(1), Lsn.parse("0/4000000"), "", "", "b"))))
                .armed()
                .vip(VipState.BOUND));
        POSTGRES.put("silent replica", s -> s.unresponsive(Situations.sql(true, 1, "0/5000000", Optional.empty())));

        MODE.put("running", s -> s);
        MODE.put("paused", s -> s.settings("{\"ttl\":10,\"loop_wait\":10,\"retry_timeout\":10,\"pause\":true}"));
        MODE.put("stopping", Situations::stopRequested);
        MODE.put("detaching", Situations::detachRequested);

        REQUEST.put("no request", s -> s);
        REQUEST.put("switchover from a", s -> s.request(Optional.of(Situations.A), Optional.empty()));
        REQUEST.put("switchover to a", s -> s.request(Optional.of(Situations.B), Optional.of(Situations.A)));

        Order restart = new Order.Restart(Optional.empty(), Optional.empty(), false, Optional.empty());
        ORDER.put("restart", s -> s.ordered(restart));
        ORDER.put("restart in pause", s -> MODE.get("paused").apply(s).ordered(restart));
        ORDER.put("reinitialize", s -> s.ordered(new Order.Reinitialize(false, false)));
        String synchronous = "{\"ttl\":10,\"loop_wait\":10,\"retry_timeout\":10,\"synchronous_mode\":true%s}";
        SYNC.put("no state yet", s -> s.settings(synchronous.formatted("")));
        SYNC.put("we led last", s -> s.settings(synchronous.formatted("")).sync(Situations.A, List.of(Situations.C)));
        SYNC.put("we are named", s -> s.settings(synchronous.formatted("")).sync(Situations.B, List.of(Situations.A)));
        SYNC.put("named, strict", s -> s.settings(synchronous.formatted(",\"synchronous_mode_strict\":true"))
                .sync(Situations.B, List.of(Situations.A)));
        SYNC.put("another is named", s -> s.settings(synchronous.formatted(""))
                .sync(Situations.B, List.of(Situations.C)));

        Moment by = Situations.NOW.plus(Duration.ofSeconds(5));
        TASK.put("InitDb", s -> s.busyWith(new TaskSpec.InitDb()));
        TASK.put("PostBootstrap", s -> s.busyWith(new TaskSpec.PostBootstrap()));
        TASK.put("BaseBackup", s -> s.busyWith(new TaskSpec.BaseBackup(Situations.upstream(Situations.B))));
        TASK.put("Rewind", s -> s.busyWith(new TaskSpec.Rewind(Situations.upstream(Situations.B))));
        TASK.put("StartPrimary", s -> s.busyWith(new TaskSpec.StartPrimary(Situations.LEASE))
                .armed());
        TASK.put("StartReplica", s -> s.busyWith(new TaskSpec.StartReplica(Optional.empty())));
        TASK.put("Promote", s -> s.busyWith(new TaskSpec.Promote(Situations.LEASE))
                .armed());
        TASK.put("Follow", s -> s.busyWith(new TaskSpec.Follow(Optional.empty())));
        TASK.put("MoveAside", s -> s.busyWith(new TaskSpec.MoveAside("why")));
        TASK.put("Stop(fast)", s -> s.busyWith(new TaskSpec.StopPostgres(StopMode.FAST, by, false))
                .armed());
    }

    @Test
    void everySituationHasItsDecision() {
        StringBuilder table = new StringBuilder("""
                # What node a does in every situation: generated from the code, -Drewrite=true writes it anew.
                # situation | reason | actions. A column that makes no difference says "any".
                """);
        LEADERSHIP.forEach((leadership, lead) -> POSTGRES.forEach((postgres, run) -> MODE.forEach((mode, in) -> {
            SequencedMap<String, String> outcomes = new LinkedHashMap<>();
            REQUEST.forEach((request, ask) ->
                    outcomes.put(request, decided(ask.apply(in.apply(run.apply(lead.apply(new Situations())))))));
            rows(table, "%-23s  %-16s  %-8s".formatted(leadership, postgres, mode), outcomes, "any request");
        })));
        table.append("\n# A task owns the data directory.\n");
        LEADERSHIP.forEach((leadership, lead) -> TASK.forEach((task, begin) -> {
            SequencedMap<String, String> outcomes = new LinkedHashMap<>();
            MODE.forEach(
                    (mode, in) -> outcomes.put(mode, decided(in.apply(begin.apply(lead.apply(new Situations()))))));
            rows(table, "%-23s  %-16s".formatted(leadership, task), outcomes, "any mode");
        }));
        table.append("\n# An operator ordered something of this node.\n");
        LEADERSHIP.forEach((leadership, lead) -> POSTGRES.forEach((postgres, run) -> {
            SequencedMap<String, String> outcomes = new LinkedHashMap<>();
            ORDER.forEach((order, place) ->
                    outcomes.put(order, decided(place.apply(run.apply(lead.apply(new Situations()))))));
            rows(table, "%-23s  %-16s".formatted(leadership, postgres), outcomes, "any order");
        }));
        table.append("\n# In synchronous mode; b leads or led last.\n");
        for (String leadership : List.of("held", "vacant, term good")) {
            for (String postgres : List.of("stopped primary", "replica", "primary")) {
                SequencedMap<String, String> outcomes = new LinkedHashMap<>();
                SYNC.forEach((sync, keep) -> outcomes.put(sync, decided(keep.apply(inRow(leadership, postgres)))));
                rows(table, "%-23s  %-16s".formatted(leadership, postgres), outcomes, "any");
            }
        }
        DataDriven.file("decisions.golden.txt").settle(table.toString());
    }

    private static Situations inRow(String leadership, String postgres) {
        Dimension lead = Objects.requireNonNull(LEADERSHIP.get(leadership));
        return Objects.requireNonNull(POSTGRES.get(postgres)).apply(lead.apply(new Situations()));
    }

    private static void rows(StringBuilder table, String situation, SequencedMap<String, String> outcomes, String any) {
        List<String> different =
                new ArrayList<>(outcomes.values().stream().distinct().toList());
        if (different.size() == 1) {
            table.append("%s  %-17s | %s\n".formatted(situation, any, different.getFirst()));
            return;
        }
        for (Map.Entry<String, String> row : outcomes.entrySet()) {
            table.append("%s  %-17s | %s\n".formatted(situation, row.getKey(), row.getValue()));
        }
    }

    private static String decided(Situations situation) {
        HaMachine.Step step = new HaMachine(situation.state()).step(new Event.TimerFired(), Situations.NOW);
        List<String> actions = step.actions().stream()
                .filter(action -> !(action instanceof Action.PublishMember))
                .map(Action::brief)
                .toList();
        return "%-20s | %s".formatted(step.decision().reason(), actions.isEmpty() ? "-" : String.join(", ", actions));
    }
}
