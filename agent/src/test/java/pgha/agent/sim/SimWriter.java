package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.Timings;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.Revision;

/** What an agent publishes, each with one event at its end; the member's record under a lease of the process. */
final class SimWriter {
    private final World world;
    private final SimAgent agent;
    private final SimStore store;
    private Optional<LeaseId> lease = Optional.empty();
    private Optional<Member> published = Optional.empty();

    SimWriter(World world, SimAgent agent, SimStore store) {
        this.world = world;
        this.agent = agent;
        this.store = store;
    }

    private Duration budget() {
        return Timings.of(agent.settings()).requestTimeout().multipliedBy(2);
    }

    void write(ActionKey key, Txn txn) {
        store.call(budget(), s -> s.apply(txn), reply -> answer(key, reply));
    }

    void putMember(Action.PublishMember order) {
        published = Optional.of(order.member());
        underLease(ActionKey.PUBLISH_MEMBER, id -> SimEtcd.TXNS.putMember(order.member(), id));
    }

    void claim() {
        underLease(ActionKey.CLAIM_INITIALIZE, SimEtcd.TXNS::claimInitialize);
    }

    private void underLease(ActionKey key, Function<LeaseId, Txn> txn) {
        if (lease.isPresent()) {
            Txn ready = txn.apply(lease.get());
            store.call(budget(), s -> s.apply(ready), reply -> {
                if (reply instanceof Refused<Revision> && key == ActionKey.PUBLISH_MEMBER) {
                    lease = Optional.empty();
                }
                if (reply instanceof NoAnswer<Revision> && key == ActionKey.CLAIM_INITIALIZE) {
                    giveUpLease();
                }
                answer(key, reply);
            });
            return;
        }
        Duration ttl = agent.settings().ttl();
        store.<Grant>call(budget(), s -> s.grant(ttl, world.now()), reply -> {
            switch (reply) {
                case Done<Grant> grant -> {
                    if (lease.isEmpty()) {
                        lease = Optional.of(grant.value().lease());
                        renewLater(grant.value().lease(), ttl.dividedBy(3));
                    }
                    underLease(key, txn);
                }
                case Refused<Grant> no -> answer(key, new Refused<>(no.reason()));
                case NoAnswer<Grant> none -> answer(key, new NoAnswer<>(none.cause()));
            }
        });
    }

    /** With it goes a claim that may have been made. */
    private void giveUpLease() {
        lease.ifPresent(id -> store.call(budget(), s -> s.revoke(id), reply -> {}));
        lease = Optional.empty();
    }

    private void renewLater(LeaseId id, Duration in) {
        world.after(
                in,
                () -> agent.run(() -> {
                    if (lease.filter(id::equals).isPresent()) {
                        renew(id);
                    }
                }));
    }

    private void renew(LeaseId id) {
        store.renew(id, budget(), reply -> {
            switch (reply) {
                case Done<Duration> renewed ->
                    renewLater(id, agent.settings().ttl().dividedBy(3));
                case NoAnswer<Duration> none -> renewLater(id, Duration.ofMillis(500));
                case Refused<Duration> gone -> {
                    lease = Optional.empty();
                    published.ifPresent(m -> underLease(ActionKey.PUBLISH_MEMBER, i -> SimEtcd.TXNS.putMember(m, i)));
                }
            }
        });
    }

    private void answer(ActionKey key, DcsReply<Revision> reply) {
        agent.post(
                switch (reply) {
                    case Done<Revision> done -> new Event.Completed(key, Optional.of(done.value()));
                    case Refused<Revision> no -> new Event.Refused(key, no.reason());
                    case NoAnswer<Revision> none -> new Event.Unanswered(key, none.cause());
                });
    }
}
