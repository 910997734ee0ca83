package pgha.agent.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SynchronousMode;
import pgha.dcs.model.Timeline;
import pgha.rest.ClusterDocument;
import pgha.rest.NodeStatus;

/** Patroni's metrics over the published status: its names, its types, its meaning, its help. Thread-safe. */
final class PatroniMetrics {
    /** The states that have a number, which is their place. */
    static final List<RunState> STATES = Arrays.stream(RunState.values())
            .filter(state -> state != RunState.UNKNOWN)
            .toList();

    private final MeterRegistry registry;
    private final Supplier<Metrics.Shown> shown;
    private final Supplier<NodeStatus> status;

    private PatroniMetrics(MeterRegistry registry, Supplier<Metrics.Shown> shown) {
        this.registry = registry;
        this.shown = shown;
        this.status = () -> shown.get().status();
    }

    static void bind(MeterRegistry registry, Supplier<Metrics.Shown> shown) {
        PatroniMetrics metrics = new PatroniMetrics(registry, shown);
        metrics.agent();
        metrics.server();
        metrics.positions();
        metrics.cluster();
    }

    private void agent() {
        gauge("patroni.version", "Patroni semver without periods.", s -> version(Member.PATRONI_VERSION));
        gauge(
                "patroni.dcs.last.seen",
                "Epoch timestamp when DCS was last contacted successfully by Patroni.",
                NodeStatus::viewSeenAtEpochSeconds);
        flag("patroni.pending.restart", "Value is 1 if the node needs a restart, 0 otherwise.", s -> s.pendingRestart()
                .isPresent());
        flag("patroni.is.paused", "Value is 1 if auto failover is disabled, 0 otherwise.", NodeStatus::paused);
        gauge(
                "patroni.failover.priority",
                "Failover priority of this node, 0 if it must not become the leader.",
                s -> s.tags().noFailover() ? 0 : s.tags().failoverPriority());
    }

    private void server() {
        flag(
                "patroni.postgres.running",
                "Value is 1 if Postgres is running, 0 otherwise.",
                s -> state(s) == RunState.RUNNING);
        gauge(
                "patroni.postgres.state",
                "Numeric representation of the Postgres state, -1 if unknown.",
                s -> STATES.indexOf(state(s)));
        gauge("patroni.postmaster.start.time", "Epoch seconds since Postgres started.", s -> s.postgres()
                .map(p -> epoch(Optional.of(p.startTime())))
                .orElse(0.0));
        gauge("patroni.postgres.server.version", "Version of Postgres (if running), 0 otherwise.", s -> s.postgres()
                .map(NodeStatus.Postgres::serverVersion)
                .orElse(0));
        gauge(
                "patroni.postgres.timeline",
                "Postgres timeline of this node (if running), 0 otherwise.",
                s -> s.postgres()
                        .flatMap(NodeStatus.Postgres::timeline)
                        .map(Timeline::id)
                        .orElse(0));
        gauge(
                "patroni.postgres.streaming",
                "Value is 1 if Postgres is streaming, 0 otherwise.",
                s -> replicates(s, "streaming"));
        gauge(
                "patroni.postgres.in.archive.recovery",
                "Value is 1 if Postgres is replicating from archive, 0 otherwise.",
                s -> replicates(s, "in archive recovery"));
    }

    private void positions() {
        counter(
                "patroni.xlog.location",
                "Current location of the Postgres transaction log, 0 if this node is not the leader.",
                p -> p.inRecovery() ? Optional.empty() : p.location());
        counter(
                "patroni.xlog.received.location",
                "Current location of the received Postgres transaction log, 0 if this node is not a replica.",
                p -> p.inRecovery() ? p.received().or(p::replayed) : Optional.empty());
        counter(
                "patroni.xlog.replayed.location",
                "Current location of the replayed Postgres transaction log, 0 if this node is not a replica.",
                p -> p.inRecovery() ? p.replayed() : Optional.empty());
        gauge(
                "patroni.xlog.replayed.timestamp",
                "Current timestamp of the replayed Postgres transaction log, 0 if null.",
                s -> epoch(s.postgres().flatMap(NodeStatus.Postgres::replayedTimestamp)));
        flag("patroni.xlog.paused", "Value is 1 if the Postgres xlog is paused, 0 otherwise.", s -> s.postgres()
                .filter(NodeStatus.Postgres::replayPaused)
                .isPresent());
    }

    private void cluster() {
        flag("patroni.primary", "Value is 1 if this node is the leader, 0 otherwise.", s -> s.role() == Role.PRIMARY);
        flag(
                "patroni.standby.leader",
                "Value is 1 if this node is the standby_leader, 0 otherwise.",
                s -> s.role() == Role.STANDBY_LEADER);
        flag("patroni.replica", "Value is 1 if this node is a replica, 0 otherwise.", s -> s.role() == Role.REPLICA);
        flag(
                "patroni.sync.standby",
                "Value is 1 if this node is a sync standby, 0 otherwise.",
                s -> votes(s, SynchronousMode.ON));
        flag(
                "patroni.quorum.standby",
                "Value is 1 if this node is a quorum standby, 0 otherwise.",
                s -> votes(s, SynchronousMode.QUORUM));
        flag(
                "patroni.cluster.unlocked",
                "Value is 1 if the cluster is unlocked, 0 if locked.",
                s -> s.isUnlocked(shown.get().now()));
        flag(
                "patroni.failsafe.mode.is.active",
                "Value is 1 if failsafe mode is active, 0 if inactive.",
                NodeStatus::failsafeActive);
        flag(
                "patroni.failsafe.mode.enabled",
                "Value is 1 if failsafe mode is enabled, 0 if it is not.",
                s -> s.view().settings().filter(ClusterSettings::failsafeMode).isPresent());
        flag(
                "patroni.failsafe.member",
                "Value is 1 if this node is among the members that failsafe mode would ask, 0 otherwise.",
                s -> s.view().failsafe().containsKey(s.self()));
    }

    private void flag(String name, String help, Predicate<NodeStatus> holds) {
        gauge(name, help, s -> holds.test(s) ? 1 : 0);
    }

    private void gauge(String name, String help, ToDoubleFunction<NodeStatus> value) {
        Gauge.builder(name, () -> value.applyAsDouble(status.get()))
                .description(help)
                .register(registry);
    }

    private interface Position {
        Optional<Lsn> of(NodeStatus.Postgres postgres);
    }

    /** The registry holds what a counter looks at weakly; the supplier lives as long as the metrics do. */
    private void counter(String name, String help, Position position) {
        FunctionCounter.builder(name, status, supplier -> supplier.get()
                        .postgres()
                        .flatMap(position::of)
                        .map(Lsn::bytes)
                        .orElse(0L))
                .description(help)
                .register(registry);
    }

    private static RunState state(NodeStatus s) {
        return s.state() == RunState.RUNNING && s.postgres().isEmpty() ? RunState.UNKNOWN : s.state();
    }

    /** Absent while PostgreSQL does not answer. */
    private static double replicates(NodeStatus s, String how) {
        return s.postgres()
                .map(p -> p.replicationState().equals(Optional.of(how)) ? 1.0 : 0.0)
                .orElse(Double.NaN);
    }

    private static boolean votes(NodeStatus s, SynchronousMode mode) {
        return s.view()
                        .settings()
                        .filter(settings -> settings.synchronousMode() == mode)
                        .isPresent()
                && s.view()
                        .sync()
                        .filter(sync -> ClusterDocument.isVoter(sync, s.self()))
                        .isPresent();
    }

    /** {@code 4.1.4} is 40104. */
    private static double version(String text) {
        String digits = Arrays.stream(text.replaceFirst("[^0-9.].*$", "").split("\\.", -1))
                .map(part -> part.length() < 2 ? "0" + part : part)
                .collect(Collectors.joining());
        return digits.isEmpty() ? 0 : Double.parseDouble(digits);
    }

    /** Of a timestamptz as PostgreSQL prints it, whose offset may lack its minutes. */
    private static double epoch(Optional<String> timestamp) {
        try {
            return timestamp
                    .map(text -> text.replace(' ', 'T').replaceFirst("([+-]\\d\\d)$", "$1:00"))
                    .map(text -> seconds(OffsetDateTime.parse(text).toInstant()))
                    .orElse(0.0);
        } catch (DateTimeException e) {
            return 0;
        }
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
