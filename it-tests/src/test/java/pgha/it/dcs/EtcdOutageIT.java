package pgha.it.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.RecordingListener;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.lab.Lab;
import pgha.lab.LabOptions;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabEtcd;

/** What an outage of etcd, or of the way to it, does to calls and to the watch. */
@Timeout(120)
final class EtcdOutageIT {
    private static final Duration LEASE_TIMEOUT = Duration.ofMillis(500);
    /** Later than whatever a test writes. */
    private static final Revision EVER = new Revision(Integer.MAX_VALUE);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "/service/outage/";
    private static final MemberName SELF = new MemberName("self");
    private static final Pattern TO_ETCD = Pattern.compile("ESTAB.*[ :](\\d+\\.\\d+\\.\\d+\\.\\d+)]?:2379\\b");

    private static Lab lab;
    private static LabEtcd etcd;

    private final List<Dcs> clients = new ArrayList<>();

    @BeforeAll
    static void make() {
        lab = Lab.create(LabOptions.named("dcsit").withNodes(List.of()));
        etcd = new LabEtcd(lab);
        etcd.start();
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @AfterEach
    void undo() {
        clients.forEach(Dcs::close);
        etcd.goOn();
        lab.restore();
        etcd.members().stream().filter(member -> etcd.process(member).isEmpty()).forEach(etcd::start);
        etcd.awaitHealthy();
        etcd.etcdctl("del", "--prefix", PREFIX).orThrow();
    }

    private Dcs connect(List<String> members) {
        List<HostPort> endpoints = members.stream()
                .map(member -> new HostPort(lab.host(member).address(), 2379))
                .toList();
        Dcs dcs = EtcdDcs.connect(
                new DcsConfig(endpoints, Optional.empty(), Optional.empty(), PREFIX),
                work -> lab.clientThreads().thread(work));
        clients.add(dcs);
        return dcs;
    }

    private Dcs connect() {
        return connect(etcd.members());
    }

    private LeaseId lease(Dcs dcs) {
        return ((Done<Dcs.Grant>) call(() -> dcs.grant(Duration.ofSeconds(60), TIMEOUT)))
                .value()
                .lease();
    }

    private <T> DcsReply<T> call(java.util.concurrent.Callable<DcsReply<T>> work) {
        return lab.clientThreads().call(work);
    }

    private DcsReply<Duration> renew(Dcs dcs, LeaseId lease) {
        return call(() -> dcs.renew(lease, LEASE_TIMEOUT));
    }

    private RecordingListener follow(Dcs dcs) {
        RecordingListener listener = new RecordingListener();
        dcs.follow(listener);
        await(() -> !listener.views().isEmpty());
        return listener;
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Patience.until(PATIENCE, condition)).isTrue();
    }

    /** The members to which the client host has a connection now. */
    private static List<String> connectedTo() {
        List<String> addresses = TO_ETCD.matcher(lab.client().exec("ss", "-tn").orThrow())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        return etcd.members().stream()
                .filter(member -> addresses.contains(lab.host(member).address()))
                .toList();
    }

    /** A client whose calls go to a member that does not lead etcd, and that member. */
    private record Pinned(Dcs dcs, LeaseId lease, String member) {}

    private Pinned connectToFollower() {
        String leader = etcd.leader();
        for (int i = 0; i < 100; i++) {
            Dcs dcs = connect();
            LeaseId lease = lease(dcs);
            List<String> members = connectedTo();
            if (members.size() == 1 && !members.contains(leader)) {
                return new Pinned(dcs, lease, members.getFirst());
            }
            dcs.close();
            await(() -> connectedTo().isEmpty());
        }
        throw new AssertionError("a hundred clients, all connected to " + leader);
    }

    @Test
    void aSilentMemberCostsOneTimeout() {
        Pinned pinned = connectToFollower();
        etcd.signal(pinned.member(), Signal.STOP);

        List<DcsReply<Duration>> replies = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            replies.add(renew(pinned.dcs(), pinned.lease()));
        }
        assertThat(replies.getFirst()).isInstanceOf(NoAnswer.class);
        assertThat(replies.subList(1, replies.size())).allMatch(Done.class::isInstance);
    }

    @Test
    void aMemberThatIsGoneCostsNothing() {
        Pinned pinned = connectToFollower();
        etcd.kill(pinned.member());
        await(() -> connectedTo().isEmpty());
        assertThat(renew(pinned.dcs(), pinned.lease())).isInstanceOf(Done.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 4_000, 20_000})
    void renewalGoesOnWhenAFrozenEtcdGoesOn(long outageMillis, TestReporter reporter) {
        Dcs dcs = connect();
        LeaseId lease = lease(dcs);
        etcd.stop();
        long end = System.nanoTime() + Duration.ofMillis(outageMillis).toNanos();
        await(() -> {
            DcsReply<Duration> reply = renew(dcs, lease);
            assertThat(reply).isInstanceOf(NoAnswer.class);
            return System.nanoTime() - end > 0;
        });
        etcd.goOn();
        long thawed = System.nanoTime();
        await(() -> renew(dcs, lease) instanceof Done<Duration>);
        reporter.publishEntry(
                "renewed after the return of a frozen etcd, ms",
                Long.toString((System.nanoTime() - thawed) / 1_000_000));
    }

    @Test
    void renewalGoesOnWhenACutIsHealed(TestReporter reporter) {
        Dcs dcs = connect();
        LeaseId lease = lease(dcs);
        etcd.members().forEach(member -> lab.cut("client", member));
        for (int i = 0; i < 6; i++) {
            assertThat(renew(dcs, lease)).isInstanceOf(NoAnswer.class);
        }
        lab.heal();
        long healed = System.nanoTime();
        await(() -> renew(dcs, lease) instanceof Done<Duration>);
        reporter.publishEntry(
                "renewed after a cut was healed, ms", Long.toString((System.nanoTime() - healed) / 1_000_000));
    }

    @Test
    void renewalGoesOnWhenARestartedEtcdIsBack(TestReporter reporter) {
        Dcs dcs = connect();
        LeaseId lease = lease(dcs);
        etcd.members().forEach(etcd::kill);
        assertThat(renew(dcs, lease)).isInstanceOf(NoAnswer.class);

        etcd.members().forEach(etcd::start);
        await(() -> lab.client()
                .exec("env", "ETCDCTL_API=3", "etcdctl", "--endpoints", etcd.hosts(), "get", "x")
                .succeeded());
        long back = System.nanoTime();
        await(() -> renew(dcs, lease) instanceof Done<Duration>);
        reporter.publishEntry(
                "renewed after the return of a restarted etcd, ms",
                Long.toString((System.nanoTime() - back) / 1_000_000));
    }

    @Test
    void theLeaseOutlivesEtcdsLeader() {
        Dcs dcs = connect();
        RecordingListener listener = follow(dcs);
        LeaseId lease = lease(dcs);
        assertThat(call(() -> dcs.takeLeaderKey(SELF, lease, EVER, TIMEOUT))).isInstanceOf(Done.class);
        etcd.kill(etcd.leader());

        await(() -> renew(dcs, lease) instanceof Done<Duration>);
        etcd.etcdctl("put", PREFIX + "status", "4711").orThrow();
        await(() -> listener.latest().status().isPresent());
        assertThat(listener.latest().leader().orElseThrow().lease()).isEqualTo(lease);
    }

    @Test
    void whatTheNetworkSwallowedIsNotDeliveredAfterTheDeadline() {
        Dcs dcs = connect();
        LeaseId lease = lease(dcs);
        etcd.members().forEach(member -> lab.cut("client", member));
        assertThat(call(() -> dcs.takeLeaderKey(SELF, lease, EVER, LEASE_TIMEOUT)))
                .isInstanceOf(NoAnswer.class);
        lab.heal();

        // Long enough for any repetition by TCP of what was sent in these 0.5 seconds.
        assertThat(Patience.until(
                        Duration.ofSeconds(4), () -> etcd.get(PREFIX + "leader").isPresent()))
                .isFalse();
        assertThat(call(() -> dcs.takeLeaderKey(SELF, lease, EVER, TIMEOUT))).isInstanceOf(Done.class);
    }

    @Test
    void aStreamThatDiedSilentlyIsNoticedAndReplaced() {
        Dcs dcs = connect();
        RecordingListener listener = follow(dcs);
        String member = connectedTo().getFirst();
        lab.cut("client", member);
        await(() -> !listener.losses().isEmpty());
        assertThat(listener.losses()).singleElement().asString().contains("no sign of life");

        await(() -> listener.views().size() == 2);
        etcd.etcdctlAt(others(member), "put", PREFIX + "status", "4711").orThrow();
        await(() -> listener.latest().status().isPresent());
        assertThat(listener.losses()).hasSize(1);
    }

    private static List<String> others(String member) {
        return etcd.members().stream().filter(other -> !other.equals(member)).toList();
    }

    @Test
    void anIdleLinkIsNotLost() {
        RecordingListener listener = follow(connect());
        assertThat(Patience.until(
                        Duration.ofSeconds(8), () -> !listener.losses().isEmpty()))
                .isFalse();
        assertThat(listener.views()).hasSize(1);
    }

    @Test
    void aMemberCutOffFromItsQuorumDoesNotPassForTheStore() {
        String member = etcd.members().getFirst();
        Dcs dcs = connect(List.of(member));
        RecordingListener listener = follow(dcs);
        others(member).forEach(other -> etcd.signal(other, Signal.STOP));

        await(() -> !listener.losses().isEmpty());
        assertThat(call(() -> dcs.read(LEASE_TIMEOUT))).isInstanceOf(NoAnswer.class);
        Revision before = listener.latest().revision();
        int views = listener.views().size();
        others(member).forEach(other -> etcd.signal(other, Signal.CONT));
        await(() -> listener.views().size() > views);
        assertThat(listener.latest().revision()).isGreaterThanOrEqualTo(before);
    }
}
