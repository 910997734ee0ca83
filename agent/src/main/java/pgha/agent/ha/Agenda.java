package pgha.agent.ha;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.ScheduledRestart;
import pgha.dcs.model.SwitchoverRequest;

/**
 * What is to be done at a time of day.
 *
 * <p>Immutable. The core knows no time of day: it is told, as a fact that may change, which moment of this host's boot
 * clock each time that somebody wrote down is. What is due is done within one and a half loop_wait, as in Patroni; later
 * nobody may want it any more. In pause it waits, and may then have been missed.
 *
 * @param restart the restart of our server that waits for its time; the process takes it with it
 * @param times for each time that we have to know, the moment that it is; empty if it says no time
 * @param takenUp the scheduled switchover that we have stopped for: its time may pass before that is over
 */
public record Agenda(Optional<Plan> restart, SortedMap<String, Optional<Moment>> times, Optional<Revision> takenUp) {
    static final Agenda EMPTY = new Agenda(Optional.empty(), Collections.emptySortedMap(), Optional.empty());

    public Agenda {
        times = Collections.unmodifiableSortedMap(new TreeMap<>(times));
    }

    /**
     * A restart that waits for its time.
     *
     * @param startTime since when the server runs that is meant
     */
    public record Plan(String at, Order.Restart demands, Optional<String> startTime) {}

    private enum Turn {
        UNKNOWN,
        AWAITED,
        DUE,
        MISSED
    }

    private Agenda with(Optional<Plan> next) {
        return new Agenda(next, times, takenUp);
    }

    Agenda reading(SortedMap<String, Optional<Moment>> next) {
        return new Agenda(restart, next, takenUp);
    }

    Agenda takingUp(SwitchoverRequest request) {
        return new Agenda(restart, times, Optional.of(request.revision()));
    }

    /** The times of day that have to be known. */
    public static SortedSet<String> texts(NodeState state) {
        SortedSet<String> texts = new TreeSet<>();
        state.agenda().restart().map(Plan::at).ifPresent(texts::add);
        state.view().request().flatMap(SwitchoverRequest::scheduledAt).ifPresent(texts::add);
        return texts;
    }

    /** When something falls due, if that is known. */
    static Optional<Moment> next(NodeState state) {
        return texts(state).stream()
                .flatMap(text -> state.agenda().at(text).stream())
                .min(Moment::compareTo);
    }

    private Optional<Moment> at(String text) {
        return times.getOrDefault(text, Optional.empty());
    }

    private Turn turn(String text, ClusterSettings settings, Moment now) {
        if (!times.containsKey(text) || settings.paused()) {
            return Turn.UNKNOWN;
        }
        if (at(text).isEmpty()) {
            return Turn.MISSED;
        }
        Moment due = at(text).get();
        if (now.isBefore(due)) {
            return Turn.AWAITED;
        }
        Moment last = due.plus(settings.loopWait().multipliedBy(3).dividedBy(2));
        return now.isAfter(last) ? Turn.MISSED : Turn.DUE;
    }

    // Switchovers

    /** Whether a request is to be acted upon now. */
    static boolean isOpen(NodeState state, SwitchoverRequest request, Moment now) {
        return isOpen(state, request) || turn(state, request, now) == Turn.DUE;
    }

    /** Whether a request is to be acted upon whatever the time. */
    static boolean isOpen(NodeState state, SwitchoverRequest request) {
        return request.scheduledAt().isEmpty()
                || state.agenda().takenUp.filter(request.revision()::equals).isPresent();
    }

    /** Whether the leader may have stepped down for a request, whose clock need not agree with ours. */
    static boolean isNear(NodeState state, SwitchoverRequest request, Moment now) {
        Moment soon = now.plus(state.cluster().settings().loopWait());
        return isOpen(state, request, now) || turn(state, request, soon) == Turn.DUE;
    }

    /** Whether nobody will act upon a request any more. */
    static boolean isMissed(NodeState state, SwitchoverRequest request, Moment now) {
        return !isOpen(state, request) && turn(state, request, now) == Turn.MISSED;
    }

    private static Turn turn(NodeState state, SwitchoverRequest request, Moment now) {
        return request.scheduledAt()
                .map(text -> state.agenda().turn(text, state.cluster().settings(), now))
                .orElse(Turn.UNKNOWN);
    }

    // Restarts

    static NodeState planned(NodeState state, Event.RestartPlanned e) {
        Agenda agenda = state.agenda();
        if (agenda.restart.isPresent()) {
            return telling(state, e.id(), false, "Another restart is already scheduled");
        }
        Optional<String> startTime = state.local().lastSql().map(Sql::startTime).filter(since -> !since.isBlank());
        return telling(
                state.with(agenda.with(Optional.of(new Plan(e.at(), e.demands(), startTime)))),
                e.id(),
                true,
                "Restart scheduled");
    }

    static NodeState unplanned(NodeState state, Event.RestartUnplanned e) {
        return state.agenda().restart.isPresent()
                ? telling(state.with(state.agenda().with(Optional.empty())), e.id(), true, "scheduled restart deleted")
                : telling(state, e.id(), false, "no restarts are scheduled");
    }

    /** A restart whose time has come becomes an order like any other. */
    static NodeState settled(NodeState state, Moment now) {
        if (state.agenda().restart.isEmpty()) {
            return state;
        }
        Plan plan = state.agenda().restart.get();
        NodeState without = state.with(state.agenda().with(Optional.empty()));
        Optional<String> runsSince = state.local().observation().sql().map(Sql::startTime);
        if (plan.startTime().isPresent() && runsSince.isPresent() && !runsSince.equals(plan.startTime())) {
            return telling(
                    without,
                    OrderId.SCHEDULED,
                    false,
                    "the restart scheduled for %s is dropped: PostgreSQL has been restarted at %s"
                            .formatted(plan.at(), runsSince.get()));
        }
        boolean busy = state.work().task().isPresent()
                || state.work().errands().present().isPresent()
                || state.departure().isPresent();
        return switch (state.agenda().turn(plan.at(), state.cluster().settings(), now)) {
            case UNKNOWN, AWAITED -> state;
            case MISSED ->
                telling(
                        without,
                        OrderId.SCHEDULED,
                        false,
                        "the restart scheduled for %s is dropped: its time is over".formatted(plan.at()));
            case DUE ->
                busy ? state : Errands.heard(without, new Event.Ordered(OrderId.SCHEDULED, plan.demands()), now);
        };
    }

    private static NodeState telling(NodeState state, OrderId id, boolean good, String sentence) {
        Work work = state.work();
        return state.with(work.with(work.errands().telling(id, good, sentence)));
    }

    /** As others are told. */
    public Optional<ScheduledRestart> published() {
        return restart.map(plan -> new ScheduledRestart(
                plan.at(),
                plan.startTime(),
                plan.demands().role(),
                plan.demands().below().map(Agenda::version),
                plan.demands().ifPending(),
                plan.demands().timeout().map(timeout -> timeout.toSeconds())));
    }

    /** {@code 160004} is 16.4, {@code 90502} is 9.5.2. */
    private static String version(int number) {
        List<Integer> parts = new ArrayList<>(List.of(number / 10_000));
        if (number < 100_000) {
            parts.add(number / 100 % 100);
        }
        parts.add(number % (number < 100_000 ? 100 : 10_000));
        return String.join(".", parts.stream().map(String::valueOf).toList());
    }
}
