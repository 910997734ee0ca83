package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Timings;
import pgha.agent.store.MemberLease;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** What an agent publishes, each with one event at its end; the member's record under a lease of the process. */
final class SimWriter {
    private final World world;
    private final SimNode node;
    private final SimAgent agent;
    private final SimStore store;
    private Optional<MemberLease> lease = Optional.empty();
    private Optional<Member> published = Optional.empty();

    SimWriter(World world, SimNode node, SimAgent agent, SimStore store) {
        this.world = world;
        this.node = node;
        this.agent = agent;
        this.store = store;
    }

    private Timing timing() {
        return Timings.of(agent.settings());
    }

    private Duration budget() {
        return MemberLease.budget(timing());
    }

    void write(ActionKey key, Txn txn) {
        store.call(budget(), s -> s.apply(txn), reply -> answer(key, reply));
    }

    void putMember(Action.PublishMember order) {
        put(order.member(), reply -> answer(ActionKey.PUBLISH_MEMBER, reply));
    }

    private void put(Member member, Consumer<DcsReply<Revision>> then) {
        underLease(id -> SimEtcd.TXNS.putMember(member, id), reply -> {
            if (reply instanceof Done<Revision>) {
                published = Optional.of(member);
            }
            if (MemberLease.isGoneAfterPut(reply)) {
                lease = Optional.empty();
            }
            then.accept(reply);
        });
    }

    void claim() {
        underLease(SimEtcd.TXNS::claimInitialize, reply -> {
            if (MemberLease.isGivenUpAfterClaim(reply)) {
                giveUpLease();
            }
            answer(ActionKey.CLAIM_INITIALIZE, reply);
        });
    }

    private void underLease(Function<LeaseId, Txn> txn, Consumer<DcsReply<Revision>> then) {
        lease = lease.filter(present -> present.suits(timing()));
        if (lease.isPresent()) {
            Txn ready = txn.apply(lease.get().id());
            store.call(budget(), s -> s.apply(ready), then);
            return;
        }
        Timing asked = timing();
        Moment sentAt = node.clock().now();
        store.<Grant>call(budget(), s -> s.grant(asked.ttl(), world.now()), reply -> {
            switch (reply) {
                case Done<Grant> grant -> {
                    if (lease.isEmpty()) {
                        keep(MemberLease.granted(grant.value().lease(), sentAt, asked));
                    }
                    underLease(txn, then);
                }
                case Refused<Grant> no -> then.accept(new Refused<>(no.reason()));
                case NoAnswer<Grant> none -> then.accept(new NoAnswer<>(none.cause()));
            }
        });
    }

    /** With it goes a claim that may have been made. */
    private void giveUpLease() {
        lease.ifPresent(given -> store.call(budget(), s -> s.revoke(given.id()), reply -> {}));
        lease = Optional.empty();
    }

    /** It is looked at when it is due, unless another one is kept by then. */
    private void keep(MemberLease next) {
        lease = Optional.of(next);
        world.at(
                node.clock().whenItShows(next.renewAt()),
                () -> agent.run(() -> {
                    if (lease.filter(next::equals).isPresent()) {
                        renew(next);
                    }
                }));
    }

    private void renew(MemberLease present) {
        Moment sentAt = node.clock().now();
        if (!present.isDue(sentAt)) {
            keep(present);
            return;
        }
        store.renew(present.id(), budget(), reply -> {
            if (lease.filter(present::equals).isEmpty()) {
                return;
            }
            lease = Optional.empty();
            present.renewed(reply, sentAt, timing())
                    .ifPresentOrElse(this::keep, () -> published.ifPresent(m -> put(m, again -> {})));
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
