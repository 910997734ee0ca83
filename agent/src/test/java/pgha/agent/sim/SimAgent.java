package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.helpers.NOPLogger;
import pgha.agent.address.AddressKeeping;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Decision;
import pgha.agent.ha.Event;
import pgha.agent.ha.FailsafeMemory.Question;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Reason;
import pgha.agent.ha.Timings;
import pgha.agent.lease.Terms;
import pgha.agent.lease.WriterAuthority;
import pgha.agent.loop.WallTimes;
import pgha.agent.postgres.EndStep;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.vip.Vip;

/** One run of an agent's process: the loop around the real machine, and what its threads would do. */
final class SimAgent {
    private static final Vip ADDRESS = Vip.parse("10.0.0.100/24");
    private static final int MOST_STEPS_IN_A_SECOND = 2000;
    private static final Duration OBSERVE_HURRIED = Duration.ofMillis(100);
    private static final Duration OBSERVE_EVERY = Duration.ofMillis(500);

    private final World world;
    private final SimNode node;
    private final HaMachine machine;
    private final Terms terms = new Terms();
    private final SimStore store;
    private final Parts parts;
    private final SimFence fence;
    private final SimActions actions;
    private final WallTimes times;
    private final Deque<Event> events = new ArrayDeque<>();
    private final Deque<Runnable> frozenWork = new ArrayDeque<>();
    private final ClusterSettings defaults;
    private final SortedMap<Long, Consumer<Optional<String>>> asked = new TreeMap<>();
    private long questions;
    private NodeState state;
    private boolean alive = true;
    private boolean frozen;
    private boolean looping;
    private boolean dying;
    private Optional<Moment> stuckSince = Optional.empty();
    private Moment runsSince;
    private Moment unstuckAt = Moment.EARLIEST;
    private long timer;
    private long observing;
    private Moment spinning = Moment.EARLIEST;
    private int stepsInASecond;
    private Observation lastSeen = Observation.NONE;
    private Optional<Reason> lastReason = Optional.empty();

    /** What works with the lease, with the rules that production has. */
    record Parts(SimKeeper keeper, WriterAuthority authority, AddressKeeping addresses) {}

    SimAgent(World world, SimNode node) {
        this.world = world;
        this.node = node;
        this.runsSince = world.now();
        this.defaults = ClusterCodec.settings(world.settings(), Revision.ZERO);
        this.state = NodeState.initial(node.config(), defaults);
        this.machine = new HaMachine(state);
        this.store = new SimStore(world, this, node.text());
        this.parts = new Parts(
                new SimKeeper(world, node, this, store, terms),
                new WriterAuthority(terms, node.guard(), pgha.agent.lease.HostWatchdog.NONE, node.clock()::now),
                new AddressKeeping(
                        List.of(ADDRESS), node.vip(), terms, node.clock()::now, this::post, NOPLogger.NOP_LOGGER));
        this.fence = new SimFence(world, node, this, terms);
        this.times = new WallTimes(world::timeOfDay, this::post);
        this.actions = new SimActions(world, node, this, store, parts);
    }

    void begin() {
        world.trace().say(node.text(), "agent: started");
        terms.listen(this::termsChanged);
        post(new Event.VipObserved(node.vip().state()));
        adopt();
        store.follow();
        observe();
    }

    private void adopt() {
        if (node.postgres().isRunning()) {
            parts.authority()
                    .adopt(node.postgres().hasStandbySignal(), Timings.of(settings()))
                    .ifPresent(at -> {
                        post(new Event.WriterAdopted(at));
                        parts.addresses().inherit(at, Timings.of(settings()));
                    });
        } else {
            node.postgres().end().orphansDie();
            parts.authority().retire();
        }
    }

    boolean isTakingTheKey() {
        return parts.keeper().isTaking();
    }

    /** Its fence could have struck and has not; what it has struck at may not die for a while. */
    boolean hasFencedNothing() {
        return hasRunForAWhile() && !fence.isStriking();
    }

    boolean isAlive() {
        return alive;
    }

    boolean isFrozen() {
        return frozen;
    }

    MemberName name() {
        return node.config().name();
    }

    NodeState state() {
        return state;
    }

    ClusterSettings settings() {
        return state.cluster().settings();
    }

    /** Why it did what it did last, not counting what is only on the way. */
    Optional<Reason> reason() {
        return lastReason;
    }

    void die() {
        alive = false;
        world.trace().say(node.text(), "agent: gone");
    }

    /** Does something on one of the agent's threads: not at all if it is dead, and later if it is frozen. */
    void run(Runnable work) {
        if (!alive) {
            return;
        }
        if (frozen) {
            frozenWork.add(work);
        } else {
            work.run();
        }
    }

    void freeze() {
        frozen = true;
        world.trace().say(node.text(), "agent: frozen");
    }

    /** Its threads have all run for so long that what was due has been done, and nothing has held them up. */
    boolean isUndisturbedFor(Duration stretch) {
        return stuckSince.isEmpty() && hasRunFor(stretch) && !world.now().isBefore(unstuckAt.plus(stretch));
    }

    Optional<LeaseTerm> term() {
        return terms.current();
    }

    Moment fenceAt() {
        return terms.fenceAt();
    }

    /** Whatever was due on its threads a moment ago has been done. */
    boolean hasRunForAWhile() {
        return hasRunFor(Duration.ofMillis(200));
    }

    private boolean hasRunFor(Duration stretch) {
        return alive && !frozen && !world.now().isBefore(runsSince.plus(stretch));
    }

    void thaw() {
        if (!frozen || node.isFrozen()) {
            return;
        }
        frozen = false;
        runsSince = world.now();
        world.trace().say(node.text(), "agent: thawed");
        while (!frozenWork.isEmpty() && alive) {
            frozenWork.remove().run();
        }
    }

    void stop() {
        post(new Event.StopRequested());
    }

    // The loop

    void post(Event event) {
        if (!alive) {
            return;
        }
        events.add(event);
        if (!looping) {
            looping = true;
            world.after(world.pace().millis(0, 1), () -> run(this::loop));
        }
    }

    /** The loop's thread hangs; all the others go on. */
    void stick() {
        world.trace().say(node.text(), "agent: its loop is stuck");
        stuckSince = Optional.of(node.clock().now());
    }

    void unstick() {
        if (alive && stuckSince.isPresent()) {
            world.trace().say(node.text(), "agent: its loop goes on");
            stuckSince = Optional.empty();
            unstuckAt = world.now();
            run(this::loop);
        }
    }

    /** For how long the loop has not looked. */
    Duration silence() {
        return stuckSince.map(since -> since.until(node.clock().now())).orElse(Duration.ZERO);
    }

    private void loop() {
        if (stuckSince.isPresent()) {
            return;
        }
        looping = false;
        while (!events.isEmpty() && alive) {
            step(events.remove());
        }
    }

    private void step(Event event) {
        Moment now = node.clock().now();
        spin(now, event);
        HaMachine.Step step = machine.step(event, now);
        boolean begins = step.state().isPositionWanted() && !state.isPositionWanted();
        state = step.state();
        if (begins || state.local().isOutdated()) {
            hurry();
        } else if (state.isLookWantedAfter(event)) {
            lookSoon();
        }
        Decision decision = step.decision();
        world.cells().add(state, decision, now);
        record(decision, step.actions());
        parts.keeper().vouch(decision.vouch());
        step.actions().forEach(actions::take);
        times.stepped(event, step, now);
        long mine = ++timer;
        world.at(
                node.clock().whenItShows(now.plus(decision.lookAgainIn())),
                () -> run(() -> {
                    if (mine == timer && events.isEmpty()) {
                        post(new Event.TimerFired());
                    }
                }));
    }

    /** Asking for the same again and again without an end would be a bug of the core. */
    private void spin(Moment now, Event event) {
        if (spinning.plus(Duration.ofSeconds(1)).isBefore(now)) {
            spinning = now;
            stepsInASecond = 0;
        }
        stepsInASecond++;
        if (stepsInASecond > MOST_STEPS_IN_A_SECOND) {
            throw new Violation("%s spins: %s at %s"
                    .formatted(node.text(), lastReason, event.getClass().getSimpleName()));
        }
    }

    private void record(Decision decision, List<Action> taken) {
        List<String> telling =
                taken.stream().filter(SimActions::isTold).map(Action::brief).toList();
        boolean changed = !decision.reason().isPassing()
                && lastReason.filter(decision.reason()::equals).isEmpty();
        if (changed || !telling.isEmpty()) {
            lastReason = Optional.of(decision.reason());
            world.trace().say(node.text(), "%-18s %s".formatted(decision.reason(), decision.sentence()));
            telling.forEach(action -> world.trace().say(node.text(), "  · " + action));
        }
    }

    // Failsafe mode

    void letLead(MemberName leader, Duration ttl, Consumer<Optional<String>> reply) {
        Question question = new Question(++questions, leader, ttl);
        asked.put(question.id(), reply);
        post(new Event.FailsafeAsked(question));
    }

    void answer(Action.AnswerFailsafe answer) {
        if (answer.refusal().isEmpty()) {
            world.words().given(node, this);
        }
        Optional.ofNullable(asked.remove(answer.question().id())).ifPresent(reply -> reply.accept(answer.refusal()));
    }

    private void termsChanged() {
        terms.current().ifPresent(term -> {
            world.promises().published(node, term);
            world.etcd().isCountedOn(name(), term.lease());
            node.covered(term);
        });
        world.promises().guarded(node, this);
        actions.extend();
        fence.wake(world.now());
    }

    // The observer

    /** Whoever awaits its end tells of it, after what has to be done before. */
    void postmasterDied(int pid) {
        dying = true;
        Duration takes = node.postgres().end().hasOrphans() ? world.pace().millis(1, 20) : Duration.ZERO;
        world.after(
                takes,
                () -> run(() -> {
                    if (EndStep.AFTER_DEATH.contains(EndStep.KILL_CHILDREN)) {
                        node.postgres().end().orphansDie();
                    }
                    dying = false;
                    post(new Event.PostmasterExited(pid));
                    lookSoon();
                }));
    }

    /** The next turn, unless another has been begun in its place. */
    private Runnable observer() {
        long mine = observing;
        return () -> run(() -> {
            if (mine == observing) {
                observe();
            }
        });
    }

    private void hurry() {
        observing++;
        lookSoon();
        world.after(OBSERVE_HURRIED, observer());
    }

    private void observe() {
        look(false);
        world.after(state.isPositionWanted() ? OBSERVE_HURRIED : OBSERVE_EVERY, observer());
    }

    /** What changed is looked at at once. */
    void lookSoon() {
        world.after(world.pace().millis(2, 30), () -> run(() -> look(true)));
    }

    void lookNow() {
        look(true);
    }

    private void look(boolean always) {
        Observation seen = node.look();
        if (!dying && (always || !seen.equals(lastSeen))) {
            lastSeen = seen;
            post(new Event.PostgresObserved(seen, node.clock().now()));
        }
    }

    void completed(ActionKey key) {
        post(new Event.Completed(key, Optional.empty()));
    }
}
