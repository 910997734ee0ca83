package pgha.agent.watchdog;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.Timings;
import pgha.agent.loop.AgentLoop;
import pgha.dcs.model.Moment;

/** Sees to it that a node whose required watchdog fails does not stand for leader. Confined to the loop. */
public final class WatchdogCheck implements AgentLoop.StepListener {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final WatchdogPolicy policy;
    private final Consumer<Event> events;
    private Moment next = Moment.EARLIEST;
    private Optional<String> said = Optional.empty();

    public WatchdogCheck(WatchdogPolicy policy, Consumer<Event> events) {
        this.policy = policy;
        this.events = events;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        if (!policy.isRequired() || now.isBefore(next)) {
            return;
        }
        next = now.plus(EVERY);
        Optional<String> failure =
                policy.failure(Timings.of(step.state().cluster().settings()));
        if (!failure.equals(said)) {
            said = failure;
            events.accept(new Event.WatchdogChecked(failure));
        }
    }
}
