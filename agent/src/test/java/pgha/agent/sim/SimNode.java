package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Callback;
import pgha.agent.ha.Event;
import pgha.agent.ha.ExitCode;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Scripts;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Tags;

/** One host: its clock, its server, its guard and its address, and an agent that may come and go. */
final class SimNode {
    static final Duration SLOW_STOP = Duration.ofSeconds(20);

    private final World world;
    private final MemberName name;
    private final SimClock clock;
    private final String tags;
    private final SimPostgres postgres;
    private final SimGuard guard;
    private final SimVip vip;
    private Optional<SimAgent> agent = Optional.empty();
    private boolean up = true;
    private boolean frozen;
    private Moment lostTimeAt = Moment.EARLIEST;
    private final Deque<Runnable> frozenWork = new ArrayDeque<>();
    private Optional<ExitCode> exited = Optional.empty();
    private Moment writableUntil = Moment.EARLIEST;
    private Moment leadsByMembersUntil = Moment.EARLIEST;
    private Optional<Duration> restartAfter = Optional.of(Duration.ofSeconds(1));
    private boolean mayBootstrap = true;
    private Scripts scripts = Scripts.NONE;
    private boolean slowToStop;
    private Moment slowUntil = Moment.EARLIEST;
    private boolean losesAnswerToTaking;
    private final SortedSet<String> failing = new TreeSet<>();
    private boolean alwaysStarted;
    private boolean spoiled;

    SimNode(World world, String name, SimClock clock, String tags) {
        this.world = world;
        this.name = new MemberName(name);
        this.clock = clock;
        this.tags = tags;
        this.postgres = new SimPostgres(world, this);
        this.guard = new SimGuard(world, this);
        this.vip = new SimVip(world, this, this::vipChanged);
    }

    NodeConfig config() {
        SortedMap<String, String> values = new TreeMap<>();
        for (String tag : tags.isEmpty() ? new String[0] : tags.split("\\+", -1)) {
            int colon = tag.indexOf(':');
            values.put(colon < 0 ? tag : tag.substring(0, colon), colon < 0 ? "true" : tag.substring(colon + 1));
        }
        return new NodeConfig(
                name,
                "postgres://" + name + ":5432/postgres",
                Optional.empty(),
                "http://" + name + ":8008/patroni",
                "4.1.4",
                new Tags(values),
                mayBootstrap,
                world.settings(),
                world.settings().contains("standby_cluster"),
                false,
                postgres.hasData() ? Optional.of(world.settings()) : Optional.empty(),
                true,
                Optional.of(true),
                scripts);
    }

    /** It has every callback, and a program that decides on promotions. */
    void withScripts() {
        SortedSet<Callback> all = new TreeSet<>(List.of(Callback.values()));
        scripts = new Scripts(all, true);
    }

    MemberName name() {
        return name;
    }

    String text() {
        return name.value();
    }

    SimClock clock() {
        return clock;
    }

    SimPostgres postgres() {
        return postgres;
    }

    SimGuard guard() {
        return guard;
    }

    SimVip vip() {
        return vip;
    }

    boolean isUp() {
        return up;
    }

    Optional<SimAgent> agent() {
        return agent;
    }

    Optional<ExitCode> exited() {
        return exited;
    }

    boolean isSlowToStop() {
        return slowToStop;
    }

    /** It is, or was when a stop began that may still go on. */
    boolean wasSlowToStop() {
        return slowToStop || postgres.disk().isStalled() || world.now().isBefore(slowUntil.plus(SLOW_STOP));
    }

    void slowToStop(boolean slow) {
        slowToStop = slow;
        slowUntil = world.now();
    }

    void stallDisk(boolean is) {
        postgres.disk().stall(is);
        slowUntil = world.now();
    }

    /** The answer to its next attempt on the leader key gets lost. */
    void loseAnswerToTaking() {
        losesAnswerToTaking = true;
    }

    boolean losesAnswerToTaking() {
        boolean loses = losesAnswerToTaking;
        losesAnswerToTaking = false;
        return loses;
    }

    /** Tasks of this kind fail here, until they are mended. */
    void failing(String kind, boolean fails) {
        if (fails) {
            failing.add(kind);
        } else {
            failing.remove(kind);
        }
    }

    boolean isFailing(String kind) {
        return failing.contains(kind);
    }

    /** Without a bootstrap section in its file. */
    void neverBootstraps() {
        mayBootstrap = false;
    }

    /** Whoever supervises the agent restarts it after this, when it dies; empty: not at all. */
    void restartAfter(Optional<Duration> pause) {
        restartAfter = pause;
    }

    // The agent

    void startAgent() {
        if (frozen) {
            frozenWork.add(this::startAgent);
        } else if (up && agent.isEmpty()) {
            exited = Optional.empty();
            world.excuses().agentStarts(this);
            agent = Optional.of(new SimAgent(world, this));
            agent.get().begin();
        }
    }

    void killAgent() {
        agent.ifPresent(SimAgent::die);
        agent = Optional.empty();
        restartAfter.ifPresent(pause -> world.after(pause, () -> {
            if (exited.isEmpty()) {
                startAgent();
            }
        }));
    }

    void agentExited(ExitCode code) {
        exited = Optional.of(code);
        agent.ifPresent(SimAgent::die);
        agent = Optional.empty();
        if (alwaysStarted && code == ExitCode.STOPPED) {
            world.after(Duration.ofSeconds(1), this::startAgent);
        }
    }

    /** Whoever asks an agent to stop starts it again from now on. */
    void alwaysStarted() {
        alwaysStarted = true;
    }

    // The host

    void powerOff() {
        up = false;
        agent.ifPresent(SimAgent::die);
        agent = Optional.empty();
        postgres.gone();
        guard.disarm();
        vip.remove();
        writableUntil = Moment.EARLIEST;
        frozen = false;
        frozenWork.clear();
        clock.goOn();
        world.network().down(text(), true);
    }

    void powerOn() {
        if (!up) {
            up = true;
            world.network().down(text(), false);
            startAgent();
        }
    }

    /** All its processes and the timers of its kernel stand still; its clock does not. */
    void freeze() {
        if (up && !frozen) {
            frozen = true;
            world.trace().say(text(), "host: frozen");
            world.network().down(text(), true);
            agent.ifPresent(SimAgent::freeze);
        }
    }

    Observation look() {
        Observation seen = postgres.look();
        return spoiled && seen.pid().isEmpty()
                ? new Observation(new Directory.Unusable("it belongs to root"), Optional.empty(), Optional.empty(), "")
                : seen;
    }

    /** Nothing can be started on its data directory; what runs there already does not mind. */
    void spoilData(boolean is) {
        spoiled = is;
    }

    boolean hasLostTimeSince(Moment since) {
        return lostTimeAt.isAfter(since);
    }

    /** Its clock stands still as well, as that of a machine that is paused from outside. */
    void pause() {
        if (up && !frozen) {
            freeze();
            clock.stop();
        }
    }

    /** What is overdue happens, in some order; what writes without a term is killed. */
    void thaw() {
        if (!frozen) {
            return;
        }
        frozen = false;
        boolean knowsTheTime = !clock.isStopped();
        lostTimeAt = knowsTheTime ? lostTimeAt : world.now();
        clock.goOn();
        world.network().down(text(), false);
        world.trace().say(text(), "host: thawed");
        if (knowsTheTime) {
            world.excuses()
                    .excuse(this, "a host that was frozen whole", world.now().plus(Excuses.TO_DROP));
        } else {
            excuseLostTime();
        }
        List<Runnable> due = List.copyOf(frozenWork);
        frozenWork.clear();
        due.forEach(Runnable::run);
        agent.ifPresent(SimAgent::thaw);
        if (!knowsTheTime) {
            // An answer that had come before has prolonged the term.
            excuseLostTime();
        }
    }

    private void excuseLostTime() {
        Moment over = Moment.later(world.now(), clock.whenItShows(writableUntil));
        world.excuses().excuse(this, "a machine that was paused with its clocks", over.plus(Excuses.TO_KILL));
    }

    boolean isFrozen() {
        return frozen;
    }

    /** Something that the host does: later, if it is frozen. */
    void run(Runnable work) {
        if (frozen) {
            frozenWork.add(work);
        } else {
            work.run();
        }
    }

    void postmasterDied(int pid) {
        agent.ifPresent(a -> a.postmasterDied(pid));
    }

    private void vipChanged() {
        world.trace().say(text(), vip.isBound() ? "kernel: the address is bound" : "kernel: the address is gone");
        agent.ifPresent(a -> a.post(new Event.VipObserved(vip.state())));
    }

    /** The keeper has published a term: from now on a writer here is covered until then. */
    void covered(LeaseTerm term) {
        writableUntil = Moment.later(writableUntil, term.expiresAt());
        leadsByMembersUntil = term.basis() == LeaseTerm.Basis.MEMBERS ? term.expiresAt() : Moment.EARLIEST;
    }

    /** Its term rests on the word of all the others, and not on the store. */
    boolean leadsByMembers() {
        return clock.now().isBefore(leadsByMembersUntil);
    }

    /** The end of the last term that any agent on this host had, on its clock. */
    Moment writableUntil() {
        return writableUntil;
    }
}
