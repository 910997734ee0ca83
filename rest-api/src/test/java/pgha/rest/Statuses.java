package pgha.rest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
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
import pgha.dcs.model.ScheduledRestart;
import pgha.dcs.model.SlotRules;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SynchronousMode;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** Node statuses of a cluster {@code demo} with the members pg1, which leads, and pg2, at {@link #NOW}. */
public final class Statuses {
    public static final Moment NOW = new Moment(Duration.ofSeconds(1000).toNanos());
    public static final SystemIdentifier ID = new SystemIdentifier("7268616322854375442");

    // The parts that tests vary; a copy of the whole is made by build().
    public MemberName self = new MemberName("pg1");
    public Role role = Role.PRIMARY;
    public RunState state = RunState.RUNNING;
    public Moment leaderUntil = NOW.plus(Duration.ofSeconds(8));
    public boolean mayWrite;
    public boolean standbyCluster;
    public boolean paused;
    public Map<String, String> tags = new TreeMap<>();
    public Optional<NodeStatus.Postgres> postgres = Optional.of(primaryPostgres());
    public Moment viewSeenAt = NOW.minus(Duration.ofSeconds(1));
    public boolean linkUp = true;
    public Moment aliveUntil = NOW.plus(Duration.ofSeconds(5));
    public Optional<ScheduledRestart> scheduledRestart = Optional.empty();
    public boolean failsafeActive;
    public boolean watchdogFailed;
    public Optional<MemberName> leader = Optional.of(self);
    public List<Member> members = new ArrayList<>(List.of(leadingMember(), followingMember()));
    public SynchronousMode mode = SynchronousMode.OFF;
    public Optional<SyncState> sync = Optional.empty();
    public Optional<SwitchoverRequest> request = Optional.empty();
    public Optional<ClusterStatus> published = Optional.of(ClusterStatus.at(Lsn.parse("0/4000060")));

    private Statuses() {}

    /** pg1, which leads. */
    public static Statuses leader() {
        return new Statuses();
    }

    /** pg2, which streams from pg1 and is level with it. */
    public static Statuses replica() {
        Statuses status = new Statuses();
        status.self = new MemberName("pg2");
        status.role = Role.REPLICA;
        status.leaderUntil = Moment.EARLIEST;
        status.tags.put("clonefrom", "true");
        status.postgres = Optional.of(replicaPostgres("0/4000060", Optional.of("streaming")));
        return status;
    }

    public Statuses with(UnaryOperator<Statuses> change) {
        return change.apply(this);
    }

    public static NodeStatus.Postgres primaryPostgres() {
        return new NodeStatus.Postgres(
                "2024-08-28 19:39:26.352526+00:00",
                160004,
                Optional.of(new Timeline(5)),
                false,
                Optional.of(Lsn.parse("0/4000060")),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(new NodeStatus.Walsender("replicator", "pg2", "10.0.0.2", "streaming", "async", 0)));
    }

    public static NodeStatus.Postgres replicaPostgres(String lsn, Optional<String> replicationState) {
        return new NodeStatus.Postgres(
                "2024-08-28 19:40:01.1+00:00",
                160004,
                Optional.of(new Timeline(5)),
                true,
                Optional.empty(),
                Optional.of(Lsn.parse(lsn)),
                true,
                Optional.of(Lsn.parse(lsn)),
                Optional.empty(),
                false,
                Optional.of(Lsn.parse("0/4000060")),
                replicationState,
                List.of());
    }

    public static Member leadingMember() {
        return leadingMember(Optional.empty());
    }

    public static Member leadingMember(Optional<ScheduledRestart> restart) {
        return member("pg1", Role.PRIMARY, Optional.empty(), Tags.NONE, restart);
    }

    public static ScheduledRestart scheduled() {
        return new ScheduledRestart(
                "2026-01-01T12:00:00+00:00",
                Optional.of("2024-08-28 19:39:26.352526+00:00"),
                Optional.of(Role.PRIMARY),
                Optional.of("16.4"),
                true,
                Optional.of(60L));
    }

    public static Member followingMember() {
        Tags tags = Tags.of(Map.of("clonefrom", "true", "spec", "2C.4G", "failover_priority", "2"));
        return member("pg2", Role.REPLICA, Optional.of("streaming"), tags, Optional.empty());
    }

    private static Member member(
            String name, Role role, Optional<String> replication, Tags tags, Optional<ScheduledRestart> restart) {
        String host = "10.0.0." + name.substring("pg".length());
        Optional<Lsn> replicaPosition = replication.map(state -> Lsn.parse("0/4000000"));
        return new Member(
                new MemberName(name),
                Optional.of("postgres://" + host + ":5432/postgres"),
                Optional.of("http://" + host + ":8008/patroni"),
                RunState.RUNNING,
                role,
                "4.1.4",
                tags,
                replicaPosition.or(() -> Optional.of(Lsn.parse("0/4000060"))),
                replicaPosition,
                replicaPosition,
                replication,
                Optional.of(new Timeline(5)),
                true,
                Optional.empty(),
                restart,
                false);
    }

    public static SyncState voters(String... names) {
        TreeSet<MemberName> voters = new TreeSet<>();
        for (String name : names) {
            voters.add(new MemberName(name));
        }
        return new SyncState(new MemberName("pg1"), 0, voters, new Revision(9));
    }

    private ClusterSettings settings() {
        return new ClusterSettings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                new ByteCount(1048576),
                Duration.ofSeconds(300),
                Duration.ZERO,
                Duration.ZERO,
                false,
                0,
                mode,
                false,
                1,
                ByteCount.ZERO,
                false,
                paused,
                Duration.ofMinutes(30),
                SlotRules.NONE,
                Optional.empty(),
                ClusterSettings.Postgres.NONE,
                "{\"ttl\":30,\"pg_version\":16}",
                new Revision(4),
                List.of());
    }

    private ClusterView view() {
        SortedMap<MemberName, Member> byName = new TreeMap<>();
        members.forEach(member -> byName.put(member.name(), member));
        return new ClusterView(
                new Revision(118),
                new InitializeKey.Done(ID),
                leader.map(name -> new LeaderRecord(name, new LeaseId(7), new Revision(5), new Revision(5))),
                new Revision(3),
                false,
                byName,
                Optional.of(settings()),
                request,
                sync,
                published,
                Optional.of(new TimelineHistory(List.of(
                        new TimelineHistory.Switch(
                                new Timeline(1), new Lsn(25623960), "no recovery target specified", "", ""),
                        new TimelineHistory.Switch(
                                new Timeline(2),
                                new Lsn(25623999),
                                "no recovery target specified",
                                "2026-01-01T10:00:00.123456+00:00",
                                "pg2")))),
                new TreeMap<>(Map.of(new MemberName("pg1"), "http://10.0.0.1:8008/patroni")));
    }

    public NodeStatus build() {
        return new NodeStatus(
                self,
                "demo",
                "0.1.0",
                role,
                state,
                leaderUntil,
                mayWrite,
                standbyCluster,
                paused,
                Tags.of(tags),
                Optional.of(ID),
                postgres,
                NOW.minus(Duration.ofMillis(120)),
                view(),
                viewSeenAt,
                1692356718,
                linkUp,
                aliveUntil,
                Optional.empty(),
                scheduledRestart,
                failsafeActive,
                watchdogFailed,
                new NodeStatus.Why(
                        "SERVE",
                        "we hold the lease and are primary",
                        List.of(new NodeStatus.Fact("lease", "7 good for 8.0s")),
                        List.of("12:01:07 PROMOTE", "12:01:06 STAND")));
    }
}
