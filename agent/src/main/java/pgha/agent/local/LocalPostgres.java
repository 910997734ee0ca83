package pgha.agent.local;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskId;
import pgha.agent.ha.TaskSpec;
import pgha.agent.lease.WriterAuthority;
import pgha.agent.loop.ActionExecutor;
import pgha.agent.loop.AgentLoop;
import pgha.agent.postgres.Callbacks;
import pgha.agent.postgres.Observer;
import pgha.agent.postgres.PostgresTasks;
import pgha.agent.postgres.RunningSyncNames;
import pgha.agent.task.CancelToken;
import pgha.agent.task.TaskRunner;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/**
 * Does on the local server what the core asks for, and tells the loop how it went.
 *
 * <p>Called on the loop; never blocks it: everything runs on a thread of its own.
 */
public final class LocalPostgres implements ActionExecutor.LocalWork, AgentLoop.StepListener, TaskRunner.Listener {
    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);
    private static final Duration EXPECT_CHANGES = Duration.ofSeconds(5);

    private final PostgresTasks tasks;
    private final TaskRunner runner;
    private final Observer observer;
    private final Callbacks callbacks;
    private final WriterAuthority authority;
    private final ThreadFactory threads;
    private final Consumer<Event> events;
    private final Map<ActionKey, List<String>> told = new ConcurrentHashMap<>();
    /** Confined to the loop. */
    private boolean positionWanted;

    public LocalPostgres(
            PostgresTasks tasks,
            Observer observer,
            Callbacks callbacks,
            WriterAuthority authority,
            ThreadFactory threads,
            Consumer<Event> events) {
        this.tasks = tasks;
        this.runner = new TaskRunner(threads, this);
        this.observer = observer;
        this.callbacks = callbacks;
        this.authority = authority;
        this.threads = threads;
        this.events = events;
    }

    @Override
    public void start(Action.StartTask order) {
        observer.hurry(EXPECT_CHANGES);
        runner.start(order.id(), tasks.create(order.task()));
    }

    @Override
    public void cancel(Action.CancelTask order) {
        runner.cancel(order.task());
    }

    /** Waits for the guard's word: not on the loop. */
    @Override
    public void armWriter(LeaseId under) {
        background(
                ActionKey.ARM_WRITER, () -> authority.arm(under).map(List::of).orElse(List.of()));
    }

    @Override
    public void retireWriter() {
        authority.retire();
        events.accept(new Event.Completed(ActionKey.RETIRE_WRITER, Optional.empty()));
    }

    @Override
    public void syncSlots(Action.SyncSlots order) {
        background(ActionKey.SYNC_SLOTS, () -> tasks.slots().apply(order));
    }

    @Override
    public void advanceSlots(Action.AdvanceSlots order) {
        background(ActionKey.ADVANCE_SLOTS, () -> tasks.slotCopies().advance(order.slots()));
    }

    @Override
    public void checkpoint() {
        background(ActionKey.CHECKPOINT, this::checkpointNow);
    }

    @Override
    public void setSyncNames(Action.SetSyncNames order) {
        RunningSyncNames names = tasks.syncNames();
        background(ActionKey.SET_SYNC_NAMES, () -> names.change(order.names()));
    }

    @Override
    public void acceptCopy() {
        background(ActionKey.ACCEPT_COPY, tasks::acceptCopy);
    }

    @Override
    public void call(Action.RunCallback order) {
        callbacks.call(order.callback(), order.role());
    }

    @Override
    public void progressed(TaskId task, Progress progress) {
        events.accept(new Event.TaskProgressed(task, progress));
    }

    @Override
    public void finished(TaskId task, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            log.warn(failed.sentence());
        }
        events.accept(new Event.TaskFinished(task, outcome));
    }

    /** Whatever changes PostgreSQL is followed by a look that begins after it; so is the beginning of an election. */
    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        boolean begins = step.state().isPositionWanted() && !positionWanted;
        positionWanted = step.state().isPositionWanted();
        if (begins || step.state().local().isOutdated()) {
            observer.hurry(EXPECT_CHANGES);
        } else if (positionWanted) {
            observer.goOnHurrying(EXPECT_CHANGES);
        }
        if (step.state().isLookWantedAfter(event)) {
            observer.lookNow();
        }
    }

    /** Work that returns what stood against it, one sentence each. */
    private interface Work {
        List<String> run() throws InterruptedException;
    }

    private void background(ActionKey key, Work work) {
        threads.newThread(() -> {
                    Event event;
                    try {
                        List<String> complaints = work.run();
                        tell(key, complaints);
                        event = complaints.isEmpty()
                                ? new Event.Completed(key, Optional.empty())
                                : new Event.Refused(key, complaints.getFirst());
                    } catch (InterruptedException e) {
                        event = new Event.Refused(key, "the agent is stopping");
                    }
                    observer.lookNow();
                    events.accept(event);
                })
                .start();
    }

    /** What is tried again every few seconds is told once. */
    private void tell(ActionKey key, List<String> complaints) {
        List<String> before = Optional.ofNullable(told.put(key, complaints)).orElse(List.of());
        complaints.stream().filter(complaint -> !before.contains(complaint)).forEach(log::warn);
    }

    private List<String> checkpointNow() throws InterruptedException {
        Outcome outcome = tasks.create(new TaskSpec.Checkpoint()).run(new CancelToken(), progress -> {});
        return outcome instanceof Outcome.Failed failed ? List.of(failed.sentence()) : List.of();
    }
}
