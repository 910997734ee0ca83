package pgha.agent.ha;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** Builds the situation of node a in a cluster of a, b and c; what is not said is as usual. */
final class Situations {
    static final Moment NOW = new Moment(Duration.ofSeconds(100).toNanos());
    static final MemberName A = new MemberName("a");
    static final MemberName B = new MemberName("b");
    static final MemberName C = new MemberName("c");
    static final LeaseId LEASE = new LeaseId(0x77);
    static final SystemIdentifier SYSTEM = new SystemIdentifier("7000000000000000001");
    static final Revision REVISION = new Revision(50);
    private static final Revision CLAIM = new Revision(45);
    private static final Lsn CLUSTER_AT = Lsn.parse("0/5000000");

    private MemberName self = A;
    private InitializeKey initialize = new InitializeKey.Done(SYSTEM);
    private Genesis genesis = Genesis.NONE;
    private boolean linkUp = true;
    private boolean behind;
    private Optional<MemberName> leader = Optional.of(B);
    private Optional<LeaseTerm> term = Optional.empty();
    private boolean armed;
    private Optional<SwitchoverRequest> request = Optional.empty();
    private String document = "{\"ttl\":10,\"loop_wait\":10,\"retry_timeout\":10}";
    private Observation observation = stopped(LeftAs.SHUT_DOWN_IN_RECOVERY, 1, "0/5000000");
    private Optional<Sql> lastSql = Optional.empty();
    private Optional<TaskSpec> task = Optional.empty();
    private Optional<Order> order = Optional.empty();
    private boolean stopRequested;
    private boolean detachRequested;
    private Optional<String> watchdogFailure = Optional.empty();
    private VipState vip = VipState.NOT_BOUND;
    private TimelineHistory history = TimelineHistory.EMPTY;
    private Member leaderMember = member(B, Role.PRIMARY, 1, "0/5000000", true);
    private Tags tags = Tags.NONE;
    private Lsn lastKnown = CLUSTER_AT;
    private Optional<SyncState> sync = Optional.empty();
    private Optional<Polling> polling = Optional.empty();
    private Optional<MemberName> missing = Optional.empty();
    private Optional<Boolean> rewindInFile = Optional.of(true);

    Situations named(MemberName name) {
        self = name;
        return this;
    }

    /** We have written the leader key, and have not seen what came before. */
    Situations behind() {
        behind = true;
        return this;
    }

    Situations linkDown() {
        linkUp = false;
        return this;
    }

    Situations leader(Optional<MemberName> name) {
        leader = name;
        return this;
    }

    /** We lead, under a term that began {@code ago}. */
    Situations leading(Duration ago) {
        leader = Optional.of(self);
        return withTerm(ago);
    }

    Situations withTerm(Duration ago) {
        term = Optional.of(
                new LeaseTerm(LEASE, NOW.minus(ago), Duration.ofSeconds(10), new Timing(Duration.ofSeconds(10))));
        return this;
    }

    Situations armed() {
        armed = true;
        return this;
    }

    Situations request(Optional<MemberName> from, Optional<MemberName> to) {
        request = Optional.of(new SwitchoverRequest(from, to, Optional.empty(), new Revision(49)));
        return this;
    }

    Situations settings(String json) {
        document = json;
        return this;
    }

    Situations postgres(Observation seen) {
        observation = seen;
        lastSql = seen.sql();
        return this;
    }

    /** It runs, answered {@code before}, and does not now. */
    Situations unresponsive(Sql before) {
        observation = new Observation(
                directory(LeftAs.IN_PRODUCTION, 1, "0/5000000"), Optional.of(7), Optional.empty(), "timeout");
        lastSql = Optional.of(before);
        return this;
    }

    Situations busyWith(TaskSpec spec) {
        task = Optional.of(spec);
        return this;
    }

    Situations ordered(Order wish) {
        order = Optional.of(wish);
        return this;
    }

    Situations stopRequested() {
        stopRequested = true;
        return this;
    }

    Situations watchdogFailed(String why) {
        watchdogFailure = Optional.of(why);
        return this;
    }

    Situations detachRequested() {
        detachRequested = true;
        return this;
    }

    Situations vip(VipState state) {
        vip = state;
        return this;
    }

    /** There is no cluster yet, and we have claimed the right to begin it. */
    Situations beginning() {
        initialize = new InitializeKey.Claimed(CLAIM, LEASE);
        genesis = Genesis.NONE.claimed(CLAIM);
        return leader(Optional.empty());
    }

    /** That member has no record in the store. */
    Situations without(MemberName member) {
        missing = Optional.of(member);
        return this;
    }

    Situations history(TimelineHistory written) {
        history = written;
        return this;
    }

    Situations leaderMember(Member member) {
        leaderMember = member;
        return this;
    }

    Situations tags(Tags own) {
        tags = own;
        return this;
    }

    /** The synchronous state in the store. */
    Situations sync(MemberName by, List<MemberName> voters) {
        sync = Optional.of(new SyncState(by, 0, new TreeSet<>(voters), REVISION));
        return this;
    }

    Situations lastKnown(Lsn position) {
        lastKnown = position;
        return this;
    }

    Situations polling(Polling round) {
        polling = Optional.of(round);
        return this;
    }

    /** What the node's own file says about use_pg_rewind. */
    Situations rewindInFile(Optional<Boolean> rewind) {
        rewindInFile = rewind;
        return this;
    }

    Situation asSituation() {
        return new Situation(state(), NOW);
    }

    NodeState state() {
        ClusterSettings settings = ClusterCodec.settings(document, new Revision(3));
        NodeConfig config = new NodeConfig(
                self,
                "postgres://a:5432/postgres",
                "http://a:8008/patroni",
                "1",
                tags,
                true,
                document,
                Optional.empty(),
                true,
                rewindInFile,
                Scripts.NONE);
        NodeState state = NodeState.initial(config, settings)
                .with(new ClusterMemory(
                        view(settings),
                        behind ? Revision.ZERO : view(settings).revision(),
                        linkUp,
                        settings,
                        settings.ttl(),
                        false,
                        Optional.of(B),
                        view(settings).members(),
                        Optional.of(NOW.minus(Duration.ofMillis(10))),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .with(new Tenure(
                        term,
                        false,
                        false,
                        armed,
                        Optional.empty(),
                        Optional.empty(),
                        Moment.EARLIEST,
                        Optional.empty()))
                .with(local())
                .with(genesis);
        NodeState polled = polling.map(state::with).orElse(state);
        NodeState busy = task.map(spec -> polled.with(polled.work().begin(spec, NOW.minus(Duration.ofSeconds(1)))))
                .orElse(polled);
        NodeState ordered = order.map(wish -> Errands.heard(busy, new Event.Ordered(new OrderId(1), wish), NOW))
                .orElse(busy);
        NodeState asked = detachRequested ? ordered.detachRequested(NOW) : ordered;
        return stopRequested ? asked.stopRequested(NOW) : asked;
    }

    private LocalMemory local() {
        LocalMemory before = lastSql.map(sql -> LocalMemory.nothing(true).saw(running(sql), NOW))
                .orElse(LocalMemory.nothing(true));
        return before.saw(observation, NOW).vip(vip).watchdog(watchdogFailure);
    }

    private ClusterView view(ClusterSettings settings) {
        SortedMap<MemberName, Member> members = new TreeMap<>();
        for (MemberName name : List.of(A, B, C)) {
            members.put(name, member(name, Role.REPLICA, 1, "0/5000000", true));
        }
        members.put(leaderMember.name(), leaderMember);
        missing.ifPresent(members::remove);
        return new ClusterView(
                REVISION,
                initialize,
                leader.map(name -> new LeaderRecord(
                        name, name.equals(self) ? LEASE : new LeaseId(0x99), new Revision(40), new Revision(40))),
                new Revision(48),
                leader.isEmpty() && request.isPresent(),
                members,
                Optional.of(settings),
                request,
                sync,
                Optional.of(new ClusterStatus(lastKnown, new TreeMap<>(Map.of(self.slotName(), lastKnown)), List.of())),
                history.switches().isEmpty() ? Optional.empty() : Optional.of(history),
                new TreeMap<>());
    }

    static Member member(MemberName name, Role role, int timeline, String at, boolean checkpointed) {
        return new Member(
                name,
                Optional.of("postgres://" + name + ":5432/postgres"),
                Optional.of("http://" + name + ":8008/patroni"),
                RunState.RUNNING,
                role,
                "1",
                Tags.NONE,
                Optional.of(Lsn.parse(at)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Timeline(timeline)),
                checkpointed,
                Optional.empty(),
                false);
    }

    static Directory directory(LeftAs left, int timeline, String at) {
        return new Directory.Cluster(
                new ControlFacts(
                        SYSTEM, left, new Timeline(timeline), Lsn.parse(at), left.wasReplica(), 15, Optional.empty()),
                false,
                false);
    }

    static Observation stopped(LeftAs left, int timeline, String at) {
        return new Observation(directory(left, timeline, at), Optional.empty(), Optional.empty(), "");
    }

    static Observation starting(LeftAs left) {
        return new Observation(directory(left, 1, "0/5000000"), Optional.of(7), Optional.empty(), "starting up");
    }

    static Observation absent() {
        return new Observation(new Directory.Absent(false), Optional.empty(), Optional.empty(), "");
    }

    static Observation running(Sql sql) {
        LeftAs left = sql.inRecovery() ? LeftAs.IN_ARCHIVE_RECOVERY : LeftAs.IN_PRODUCTION;
        return new Observation(directory(left, 1, "0/5000000"), Optional.of(7), Optional.of(sql), "");
    }

    static Upstream upstream(MemberName name) {
        return new Upstream(name, new HostPort(name.value(), 5432), "a");
    }

    static Sql sql(boolean inRecovery, int timeline, String at, Optional<MemberName> follows) {
        return sql(inRecovery, timeline, at, follows, slots(inRecovery));
    }

    static Sql sql(
            boolean inRecovery, int timeline, String at, Optional<MemberName> follows, List<Observation.Slot> slots) {
        Optional<Lsn> position = Optional.of(Lsn.parse(at));
        return new Sql(
                inRecovery,
                new Timeline(timeline),
                inRecovery ? Optional.empty() : position,
                inRecovery ? position : Optional.empty(),
                inRecovery ? position : Optional.empty(),
                Optional.empty(),
                follows.map(name -> new HostPort(name.value(), 5432)),
                follows.isPresent() ? "a" : "",
                follows.isPresent(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                "",
                150000,
                Optional.empty(),
                new Timeline(timeline),
                Optional.empty(),
                slots,
                List.of(),
                Observation.Synchrony.NONE);
    }

    private static List<Observation.Slot> slots(boolean inRecovery) {
        return List.of(
                Observation.Slot.physical("b", !inRecovery, Optional.empty()),
                Observation.Slot.physical("c", !inRecovery, Optional.empty()));
    }
}
