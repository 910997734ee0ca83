package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/** Everything a node remembers. Immutable; {@link Fold} makes the next one. What can be derived is not in here. */
public record NodeState(
        NodeConfig config,
        ClusterMemory cluster,
        Tenure tenure,
        LocalMemory local,
        Work work,
        Genesis genesis,
        Published published,
        Optional<Polling> polling,
        Optional<Moment> stopRequestedAt) {

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
                Optional.empty(),
                Optional.empty());
    }

    public MemberName name() {
        return config.name();
    }

    public ClusterView view() {
        return cluster.view();
    }

    /** Where somebody else's agent listens that publishes under our name. */
    public Optional<String> namesake() {
        return view().member(name()).flatMap(Member::apiUrl).filter(url -> !url.equals(config.apiUrl()));
    }

    /** Whether somebody may lead soon by what PostgreSQL says of its position: it should be looked at more often. */
    public boolean isPositionWanted() {
        return cluster.linkUp()
                && (view().leader().isEmpty() || view().request().isPresent());
    }

    public PostgresView postgres() {
        return PostgresView.of(local, work.task());
    }

    NodeState with(NodeConfig next) {
        return new NodeState(next, cluster, tenure, local, work, genesis, published, polling, stopRequestedAt);
    }

    NodeState with(ClusterMemory next) {
        return new NodeState(config, next, tenure, local, work, genesis, published, polling, stopRequestedAt);
    }

    NodeState with(Tenure next) {
        return new NodeState(config, cluster, next, local, work, genesis, published, polling, stopRequestedAt);
    }

    NodeState with(LocalMemory next) {
        return new NodeState(config, cluster, tenure, next, work, genesis, published, polling, stopRequestedAt);
    }

    NodeState with(Work next) {
        return new NodeState(config, cluster, tenure, local, next, genesis, published, polling, stopRequestedAt);
    }

    NodeState with(Genesis next) {
        return new NodeState(config, cluster, tenure, local, work, next, published, polling, stopRequestedAt);
    }

    NodeState with(Published next) {
        return new NodeState(config, cluster, tenure, local, work, genesis, next, polling, stopRequestedAt);
    }

    NodeState with(Polling next) {
        return new NodeState(
                config, cluster, tenure, local, work, genesis, published, Optional.of(next), stopRequestedAt);
    }

    NodeState stopRequested(Moment now) {
        return new NodeState(
                config,
                cluster,
                tenure,
                local,
                work,
                genesis,
                published,
                polling,
                Optional.of(stopRequestedAt.orElse(now)));
    }
}
