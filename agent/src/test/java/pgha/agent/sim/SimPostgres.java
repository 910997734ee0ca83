package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Timeline;

/** One host's data directory and the server on it: a log, how it was left, and a activity that may be in the way. */
final class SimPostgres {
    /** What runs. */
    enum Activity {
        NONE,
        STARTING,
        RECOVERY,
        PRIMARY
    }

    private final World world;
    private final SimNode node;
    private final SimDisk disk;
    private Optional<SystemIdentifier> system = Optional.empty();
    private Wal wal = Wal.begun(0);
    private LeftAs left = LeftAs.SHUT_DOWN;
    private boolean standbySignal;
    private boolean halfMade;
    private boolean freshCopy;
    private Lsn checkpoint = Lsn.ZERO;
    private Timeline checkpointTimeline = new Timeline(1);

    private Activity activity = Activity.NONE;
    private int pid;
    private int lastPid = 100;
    private boolean starting;
    private boolean stopping;
    private boolean writersGone;
    private boolean mute;
    private boolean awaitsRestart;
    private final SimSlots slots = new SimSlots();
    private final SimCommits commits;
    private final SimReceiver receiver;
    private final SimEnd end;

    SimPostgres(World world, SimNode node) {
        this.world = world;
        this.node = node;
        this.disk = new SimDisk(world, node);
        this.commits = new SimCommits(world, node);
        this.receiver = new SimReceiver(world, node);
        this.end = new SimEnd(world, node, this);
    }

    SimCommits commits() {
        return commits;
    }

    SimDisk disk() {
        return disk;
    }

    boolean isRunning() {
        return activity != Activity.NONE;
    }

    boolean isPrimary() {
        return activity == Activity.PRIMARY;
    }

    boolean isStopping() {
        return stopping;
    }

    boolean isInRecovery() {
        return activity == Activity.RECOVERY;
    }

    SimEnd end() {
        return end;
    }

    boolean isDying() {
        return end.isUnderWay();
    }

    /** Nothing is left that could acknowledge a commit. */
    boolean writersGone() {
        return !end.hasOrphans() && (!isRunning() || writersGone);
    }

    /** There are processes that would acknowledge a commit. */
    boolean isWriter() {
        return end.hasOrphans() || (activity == Activity.PRIMARY && !writersGone);
    }

    /** A client that is connected would have its commit acknowledged now. */
    boolean acceptsWrites() {
        return isWriter() && !node.isFrozen() && !disk.isStalled();
    }

    boolean hasStandbySignal() {
        return standbySignal;
    }

    boolean hasData() {
        return system.isPresent();
    }

    Optional<SystemIdentifier> system() {
        return system;
    }

    Wal wal() {
        return wal;
    }

    boolean isCheckpointed() {
        return !checkpointTimeline.isBehind(wal.timeline());
    }

    boolean isStreaming() {
        return activity == Activity.RECOVERY && !stopping && receiver.isConnected();
    }

    Optional<Upstream> upstream() {
        return receiver.upstream();
    }

    SimReceiver receiver() {
        return receiver;
    }

    int pid() {
        return pid;
    }

    void create(SystemIdentifier id, long branch) {
        system = Optional.of(id);
        wal = Wal.begun(branch);
        world.kept().overwritten(node);
        left = LeftAs.SHUT_DOWN;
        standbySignal = false;
        halfMade = true;
        freshCopy = false;
        checkpointed();
        slots.clear();
    }

    boolean isHalfMade() {
        return halfMade;
    }

    void finish() {
        halfMade = false;
    }

    /** A base backup, or the result of a rewind: another's log, to be started as a replica. */
    void copyOf(SimPostgres source, LeftAs as) {
        system = source.system;
        wal = source.wal;
        left = as;
        standbySignal = true;
        halfMade = source.halfMade;
        checkpoint = source.checkpoint;
        checkpointTimeline = source.checkpointTimeline;
        slots.clear();
    }

    /** It was restored from a backup: up to {@code lacking} bytes of the last branch are not in it. */
    void restoredWithout(long lacking) {
        wal = wal.less(lacking);
        checkpoint = Lsn.min(checkpoint, wal.end());
        checkpointTimeline = wal.timeline();
        freshCopy = true;
    }

    boolean isFreshCopy() {
        return freshCopy;
    }

    void acceptCopy() {
        freshCopy = false;
    }

    void moveAside() {
        if (hasData()) {
            world.kept().movedAside(wal);
        }
        system = Optional.empty();
        slots.clear();
    }

    /** Begins to start it; it answers after {@code recovery}. */
    void start(boolean asReplica, Optional<Upstream> from, Duration recovery, Runnable started) {
        activity = Activity.STARTING;
        starting = true;
        awaitsRestart = false;
        stopping = false;
        writersGone = false;
        end.over();
        pid = ++lastPid;
        commits.started();
        standbySignal = asReplica;
        receiver.disconnected();
        receiver.follow(from);
        LeftAs asPrimary = left == LeftAs.IN_PRODUCTION ? LeftAs.IN_CRASH_RECOVERY : left;
        left = asReplica ? LeftAs.IN_ARCHIVE_RECOVERY : asPrimary;
        int mine = pid;
        disk.after(recovery, () -> cameUp(mine, asReplica, started));
    }

    private void cameUp(int mine, boolean asReplica, Runnable started) {
        if (mine != pid || activity != Activity.STARTING || isDying()) {
            return;
        }
        if (disk.isFull()) {
            gone();
            return;
        }
        starting = false;
        activity = asReplica ? Activity.RECOVERY : Activity.PRIMARY;
        if (!asReplica) {
            left = LeftAs.IN_PRODUCTION;
            checkpointed();
        } else {
            receiver.cameUp();
        }
        started.run();
    }

    /** pg_promote(): a new timeline begins here. */
    boolean promote(long branch) {
        if (activity != Activity.RECOVERY || stopping || isDying()) {
            return false;
        }
        wal = wal.branched(branch);
        activity = Activity.PRIMARY;
        left = LeftAs.IN_PRODUCTION;
        standbySignal = false;
        receiver.disconnected();
        return true;
    }

    void follow(Optional<Upstream> from) {
        receiver.follow(from);
    }

    /** pg_control names the place where the record of the checkpoint begins. */
    void checkpointed() {
        checkpoint = wal.end();
        checkpointTimeline = wal.timeline();
    }

    void write(long bytes) {
        wal = wal.plus(bytes);
        world.walGrew(node);
    }

    SimSlots slots() {
        return slots;
    }

    void askToStop() {
        stopping = true;
    }

    void endClients() {
        writersGone = true;
        commits.sessionsEnded();
    }

    /** The shutdown checkpoint is the last thing that is written. */
    void shutDown() {
        if (activity != Activity.PRIMARY) {
            return;
        }
        checkpointed();
        write(104);
        left = LeftAs.SHUT_DOWN;
    }

    /** The shutdown checkpoint, while only walsenders keep the postmaster up. */
    Optional<Lsn> shutDownAt() {
        boolean done = isRunning() && stopping && activity == Activity.PRIMARY && left == LeftAs.SHUT_DOWN;
        return done ? Optional.of(wal.end()) : Optional.empty();
    }

    /** The postmaster exits by itself at the end of an orderly stop. */
    void exit() {
        if (activity == Activity.RECOVERY) {
            left = LeftAs.SHUT_DOWN_IN_RECOVERY;
        }
        gone();
    }

    /** With the host, or by itself: at once, and all of it. */
    void gone() {
        boolean ran = isRunning();
        int was = pid;
        ended();
        if (ran) {
            node.postmasterDied(was);
        }
    }

    /** There is no postmaster any more. */
    void ended() {
        activity = Activity.NONE;
        stopping = false;
        writersGone = false;
        starting = false;
        end.over();
        receiver.disconnected();
        commits.ended();
        pid = 0;
    }

    /** It goes on working for those who are connected, and answers no new questions. */
    void mute(boolean is) {
        mute = is;
    }

    /** A setting was changed that it does not go by before it is restarted. */
    void awaitRestart(boolean is) {
        awaitsRestart = is;
    }

    /** Receives what the upstream has. */
    void receive() {
        commits.lookAround();
        receiver.receive();
    }

    /** Received and on disk. */
    void replicate(Wal more) {
        wal = more;
        checkpointTimeline = wal.timeline();
        world.walGrew(node);
    }

    /** It has walsenders: also while it stops, until the last one has sent everything. */
    boolean sends() {
        return activity == Activity.PRIMARY || (activity == Activity.RECOVERY && !stopping);
    }

    Observation look() {
        Directory directory = system.<Directory>map(id -> new Directory.Cluster(control(id), halfMade, freshCopy))
                .orElseGet(() -> new Directory.Absent(world.hasBackups()));
        Optional<Integer> running = isRunning() ? Optional.of(pid) : Optional.empty();
        boolean answers = isRunning() && !starting && !stopping && !isDying() && !mute;
        return new Observation(
                directory,
                running,
                answers ? Optional.of(sql()) : Optional.empty(),
                answers || !isRunning() ? "" : starting ? "the database system is starting up" : "shutting down");
    }

    private ControlFacts control(SystemIdentifier id) {
        Lsn position = left.wasReplica() ? wal.end() : checkpoint;
        // After a promotion the end of recovery tells it, and from the first checkpoint on that does.
        return new ControlFacts(id, left, wal.timeline(), position, standbySignal, 15, wal.history());
    }

    private Sql sql() {
        boolean recovers = activity == Activity.RECOVERY;
        boolean replaying = receiver.isReplaying();
        Optional<Lsn> end = Optional.of(wal.end());
        return new Sql(
                recovers,
                wal.timeline(),
                recovers ? Optional.empty() : end,
                recovers && !replaying ? end : Optional.empty(),
                replaying
                        ? Optional.of(checkpoint)
                        : Optional.of(receiver.replayed()).filter(at -> recovers),
                Optional.of(wal.timeline()).filter(on -> recovers),
                recovers ? upstream().map(Upstream::address) : Optional.empty(),
                recovers ? upstream().map(Upstream::slot).orElse("") : "",
                isStreaming(),
                false,
                Optional.of(receiver.heardOf()).filter(at -> recovers),
                Optional.empty(),
                false,
                "postmaster " + pid(),
                150000,
                awaitsRestart ? Optional.of(PendingRestart.UNEXPLAINED) : Optional.empty(),
                checkpointTimeline,
                wal.history(),
                slots.look(!recovers, wal.end()),
                recovers ? List.of() : commits.senders(),
                commits.look());
    }
}
