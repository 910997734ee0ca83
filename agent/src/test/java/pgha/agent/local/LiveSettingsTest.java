package pgha.agent.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Scripts;
import pgha.agent.ha.TaskId;
import pgha.agent.postgres.Hooks;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.PostgresConfig.Bootstrap;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.agent.postgres.PostgresConfig.ForRole;
import pgha.agent.postgres.RunningSettings.Applied;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;

class LiveSettingsTest {
    private static final SystemIdentifier OURS = new SystemIdentifier("7000000000000000001");
    private static final SystemIdentifier FOREIGN = new SystemIdentifier("7000000000000000002");
    private static final ClusterView CLUSTER = new ClusterView(
            new Revision(1),
            new InitializeKey.Done(OURS),
            Optional.empty(),
            new Revision(1),
            false,
            new TreeMap<>(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>());
    private static final NodeConfig NODE = new NodeConfig(
            new MemberName("a"),
            "postgres://a:5432/postgres",
            "http://a:8008/patroni",
            "1",
            Tags.NONE,
            false,
            "{}",
            Optional.empty(),
            false,
            Optional.empty(),
            Scripts.NONE);

    private HaMachine machine = new HaMachine(NodeState.initial(NODE, ClusterCodec.settings("{}", Revision.ZERO)));
    private PostgresConfig wanted = config(Map.of());
    private final List<String> given = new ArrayList<>();
    private Optional<String> objection = Optional.empty();
    private Moment now = new Moment(0);
    private final LiveSettings settings =
            new LiveSettings(() -> wanted, this::apply, () -> {}, role -> {}, LiveSettingsTest::atOnce);

    @BeforeEach
    void theStoreKnowsTheCluster() {
        step(new Event.ViewChanged(CLUSTER));
    }

    @Test
    void areGivenOnceToAServerThatAnswersAndAgainToTheNextOne() {
        step(new Event.TimerFired());
        assertThat(given).as("while nothing answers").isEmpty();

        observe(100);
        observe(100);
        step(new Event.TimerFired());
        assertThat(given).containsExactly("{}");

        observe(200);
        observe(200);
        assertThat(given).containsExactly("{}", "{}");
    }

    @Test
    void areNotGivenToAServerThatMayBeAnotherClusters() {
        machine = new HaMachine(NodeState.initial(NODE, ClusterCodec.settings("{}", Revision.ZERO)));
        observe(100);
        assertThat(given).as("before the store has said whose it is").isEmpty();

        observe(100, FOREIGN);
        step(new Event.ViewChanged(CLUSTER));
        step(new Event.TimerFired());
        assertThat(given).as("another cluster's").isEmpty();
    }

    @Test
    void areThoseOfTheRole() {
        PostgresConfig replica = config(Map.of("work_mem", "1MB", "jit", "off")).as(true);

        assertThat(replica.parameters()).containsEntry("work_mem", "2MB").containsEntry("jit", "off");
        assertThat(replica.pgHba()).contains(List.of("any"));
        assertThat(replica.pgIdent()).contains(List.of("replica"));
        assertThat(config(Map.of("work_mem", "1MB")).as(false).parameters()).containsEntry("work_mem", "1MB");
    }

    @Test
    void areGivenWhenTheyChange() {
        observe(100);
        wanted = config(Map.of("work_mem", "8MB"));
        step(new Event.TimerFired());
        step(new Event.TimerFired());

        assertThat(given).containsExactly("{}", "{work_mem=8MB}");
    }

    @Test
    void areReadAgainWhenTheNodesFileIs() {
        observe(100);
        step(new Event.NodeConfigChanged(NODE));
        step(new Event.TimerFired());

        assertThat(given).containsExactly("{}", "{} and reload");
    }

    @Test
    void areGivenAgainAfterATaskWhichMayHaveWrittenOlderOnes() {
        observe(100);
        step(new Event.TaskFinished(new TaskId(9), new Outcome.Succeeded()));
        step(new Event.TimerFired());

        assertThat(given).containsExactly("{}", "{}");
    }

    @Test
    void areTriedAgainAfterAWhileIfTheyCouldNotBeWritten() {
        objection = Optional.of("cannot write the configuration of PostgreSQL: no space left on device");
        observe(100);
        step(new Event.TimerFired());
        step(new Event.TimerFired());
        assertThat(given).hasSize(1);

        objection = Optional.empty();
        now = now.plus(Duration.ofSeconds(11));
        step(new Event.TimerFired());
        step(new Event.TimerFired());
        assertThat(given).hasSize(2);
    }

    private Applied apply(boolean replica, boolean reload) {
        assertThat(replica).isTrue();
        given.add(wanted.parameters() + (reload ? " and reload" : ""));
        return new Applied(true, List.of(), objection);
    }

    private void observe(int pid) {
        observe(pid, OURS);
    }

    private void observe(int pid, SystemIdentifier id) {
        ControlFacts control = new ControlFacts(
                id, LeftAs.IN_ARCHIVE_RECOVERY, new Timeline(1), Lsn.parse("0/1"), true, 15, Optional.empty());
        step(new Event.PostgresObserved(
                new Observation(
                        new Observation.Directory.Cluster(control, false, false),
                        Optional.of(pid),
                        Optional.of(replica()),
                        ""),
                now));
    }

    private void step(Event event) {
        now = now.plus(Duration.ofMillis(10));
        settings.stepped(event, machine.step(event, now), now);
    }

    /** Does the work before there is a thread for it. */
    private static Thread atOnce(Runnable work) {
        work.run();
        return new Thread(() -> {});
    }

    private static Observation.Sql replica() {
        return new Observation.Sql(
                true,
                new Timeline(1),
                Optional.empty(),
                Optional.of(Lsn.parse("0/1")),
                Optional.of(Lsn.parse("0/1")),
                Optional.empty(),
                Optional.empty(),
                "",
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                "",
                150000,
                Optional.empty(),
                new Timeline(1),
                Optional.empty(),
                List.of(),
                List.of(),
                Observation.Synchrony.NONE);
    }

    private static PostgresConfig config(Map<String, String> parameters) {
        Credentials user = new Credentials("postgres", Optional.empty(), new TreeMap<>());
        return new PostgresConfig(
                "demo",
                new MemberName("a"),
                Path.of("/data"),
                Path.of("/data"),
                "postgresql",
                Optional.empty(),
                Path.of("/run"),
                Path.of("/log"),
                "a",
                5432,
                new HostPort("a", 5432),
                "postgres",
                Optional.empty(),
                user,
                user,
                Optional.empty(),
                new TreeMap<>(parameters),
                Optional.empty(),
                Optional.of(List.of("any")),
                Optional.of(List.of("any")),
                ForRole.NOTHING,
                new ForRole(
                        new TreeMap<>(Map.of("work_mem", "2MB")), Optional.empty(), Optional.of(List.of("replica"))),
                Path.of("/pgpass"),
                true,
                false,
                Bootstrap.NONE,
                List.of(),
                List.of(),
                List.of(),
                Duration.ofSeconds(10),
                Hooks.NONE);
    }
}
