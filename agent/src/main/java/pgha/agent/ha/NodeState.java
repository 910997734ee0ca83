package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SynchronousMode;

/** Everything a node remembers. Immutable; {@link Fold} makes the next one. What can be derived is not in here. */
public record NodeState(
        NodeConfig config,
        ClusterMemory cluster,
        Tenure tenure,
        LocalMemory local,
        Work work,
        Genesis genesis,
        Published published,
        FailsafeMemory failsafe,
        Optional<Polling> polling,
        Optional<Departure> departure,
        SyncMemory synchrony,
        Agenda agenda,
        ScriptMemory scripts) {

    /** A node that has seen nothing yet. */
    public static NodeState initial(NodeConfig config, ClusterSettings defaults) {
        return new NodeState(
                config,
                ClusterMemory.nothing(defaults),
                Tenure.NONE,
                LocalMemory.nothing(config.hasVip()),
                Work.NOTHING,
                Genesis.NONE,
                Published.NOTHING,
                FailsafeMemory.NOTHING,
                Optional.empty(),
                Optional.empty(),
                SyncMemory.NOTHING,
                Agenda.EMPTY,
                ScriptMemory.NOTHING);
    }

    public MemberName name() {
        return config.name();
    }

    public ClusterView view() {
        return cluster.view();
    }

    /** Whether a leader that goes on without the store has to ask us. */
    boolean isListed() {
        return view().failsafe().containsKey(name());
    }

    /** Where somebody else's agent listens that publishes under our name. */
    public Optional<String> namesake() {
        return view().member(name())
                .flatMap(Member::apiUrl)
                .filter(url -> !url.equals(config.apiUrl()))
                .filter(url -> !published.formerUrls().contains(url));
    }

    /** In recovery all the same: see {@link WhenStandby}. */
    public boolean leadsStandbyCluster() {
        return cluster.settings().standby().isPresent()
                && view().leader()
                        .filter(leader -> leader.name().equals(name()))
                        .isPresent();
    }

    /** The request of an operator that is to be acted upon now. */
    public Optional<SwitchoverRequest> openRequest(Moment now) {
        return view().request().filter(request -> Agenda.isOpen(this, request, now));
    }

    /** Whether somebody may lead soon by what PostgreSQL says of its position: it should be looked at more often. */
    public boolean isPositionWanted() {
        return cluster.linkUp()
                && (view().leader().isEmpty()
                        || view().request().filter(r -> Agenda.isOpen(this, r)).isPresent());
    }

    /** Whether a look at an unchanged primary would tell something, because it comes later. */
    public boolean isLookWantedAfter(Event event) {
        boolean quiet = event instanceof Event.TimerFired || event instanceof Event.Completed;
        boolean synchronous = cluster.settings().synchronousMode() != SynchronousMode.OFF;
        return quiet && synchronous && postgres() instanceof PostgresView.Primary && synchrony.awaitsLook();
    }

    public PostgresView postgres() {
        return PostgresView.of(local, work.task());
    }

    NodeState with(NodeConfig next) {
        Published told = next.apiUrl().equals(config.apiUrl()) ? published : published.movedFrom(config.apiUrl());
        return new NodeState(
                next, cluster, tenure, local, work, genesis, told, failsafe, polling, departure, synchrony, agenda,
                scripts);
    }

    NodeState with(ClusterMemory next) {
        return new NodeState(
                config, next, tenure, local, work, genesis, published, failsafe, polling, departure, synchrony, agenda,
                scripts);
    }

    NodeState with(Tenure next) {
        return new NodeState(
                config, cluster, next, local, work, genesis, published, failsafe, polling, departure, synchrony, agenda,
                scripts);
    }

    NodeState with(LocalMemory next) {
        return new NodeState(
                config, cluster, tenure, next, work, genesis, published, failsafe, polling, departure, synchrony,
                agenda, scripts);
    }

    NodeState with(Work next) {
        return new NodeState(
                config, cluster, tenure, local, next, genesis, published, failsafe, polling, departure, synchrony,
                agenda, scripts);
    }

    NodeState with(Genesis next) {
        return new NodeState(
                config, cluster, tenure, local, work, next, published, failsafe, polling, departure, synchrony, agenda,
                scripts);
    }

    NodeState with(Published next) {
        return new NodeState(
                config, cluster, tenure, local, work, genesis, next, failsafe, polling, departure, synchrony, agenda,
                scripts);
    }

    NodeState with(SyncMemory next) {
        return new NodeState(
                config, cluster, tenure, local, work, genesis, published, failsafe, polling, departure, next, agenda,
                scripts);
    }

    NodeState with(Agenda next) {
        return new NodeState(
                config, cluster, tenure, local, work, genesis, published, failsafe, polling, departure, synchrony, next,
                scripts);
    }

    NodeState with(ScriptMemory next) {
        return new NodeState(
                config, cluster, tenure, local, work, genesis, published, failsafe, polling, departure, synchrony,
                agenda, next);
    }

    NodeState with(FailsafeMemory next) {
        return new NodeState(
                config, cluster, tenure, local, work, genesis, published, next, polling, departure, synchrony, agenda,
                scripts);
    }

    NodeState with(Polling next) {
        return new NodeState(
                config,
                cluster,
                tenure,
                local,
                work,
                genesis,
                published,
                failsafe,
                Optional.of(next),
                departure,
                synchrony,
                agenda,
                scripts);
    }

    public Optional<Moment> stopRequestedAt() {
        return departure.filter(Departure::stops).map(Departure::since);
    }

    public Optional<Moment> detachRequestedAt() {
        return departure.filter(d -> !d.stops()).map(Departure::since);
    }

    /** Outranks a wish to detach. */
    NodeState stopRequested(Moment now) {
        return departing(
                departure.filter(Departure::stops).orElseGet(() -> new Departure(now, Departure.Manner.STOPPING)));
    }

    NodeState detachRequested(Moment now) {
        return departing(departure.orElseGet(() -> new Departure(now, Departure.Manner.DETACHING)));
    }

    private NodeState departing(Departure as) {
        return new NodeState(
                config,
                cluster,
                tenure,
                local,
                work,
                genesis,
                published,
                failsafe,
                polling,
                Optional.of(as),
                synchrony,
                agenda,
                scripts);
    }
}
