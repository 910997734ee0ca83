package pgha.agent.loop;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.dcs.model.Moment;

/** Runs the machine on one thread. Nothing here decides; nothing here waits for anything but events. */
public final class AgentLoop implements Runnable {
    private final HaMachine machine;
    private final EventQueue events;
    private final Supplier<Moment> clock;
    private final Consumer<Action> executor;
    private final List<StepListener> listeners;

    /** Told of every step after its actions are handed out. Called on the loop; must not block. */
    public interface StepListener {
        void stepped(Event event, HaMachine.Step step, Moment now);
    }

    public AgentLoop(
            HaMachine machine,
            EventQueue events,
            Supplier<Moment> clock,
            Consumer<Action> executor,
            List<StepListener> listeners) {
        this.machine = machine;
        this.events = events;
        this.clock = clock;
        this.executor = executor;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void run() {
        Duration wait = Duration.ZERO;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Event event = events.take(wait);
                Moment now = clock.get();
                HaMachine.Step step = machine.step(event, now);
                listeners.forEach(listener -> listener.stepped(event, step, now));
                step.actions().forEach(executor);
                wait = clock.get().until(now.plus(step.decision().lookAgainIn()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
