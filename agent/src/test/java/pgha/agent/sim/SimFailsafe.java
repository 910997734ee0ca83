package pgha.agent.sim;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import pgha.agent.lease.Ballot;
import pgha.dcs.model.MemberName;

/** A leader that the store does not answer asks the others over the network, as their HTTP servers would be asked. */
record SimFailsafe(World world, SimNode node, SimAgent agent) {
    void ask(Collection<MemberName> members, Duration ttl, Duration timeout, Consumer<Optional<String>> answer) {
        AtomicReference<Ballot> ballot = new AtomicReference<>(Ballot.among(members));
        if (members.isEmpty()) {
            world.after(Duration.ZERO, () -> agent.run(() -> answer.accept(Optional.empty())));
        }
        for (MemberName member : members) {
            String there = member.value();
            Consumer<Optional<String>> reply = refusal -> world.network()
                    .send(there, node.text(), () -> agent.run(() -> heard(ballot, member, refusal, answer)));
            world.network().send(node.text(), there, () -> world.node(there)
                    .flatMap(SimNode::agent)
                    .ifPresent(asked -> asked.run(() -> asked.letLead(node.name(), ttl, reply))));
            world.after(
                    timeout, () -> agent.run(() -> heard(ballot, member, Optional.of(member + " is silent"), answer)));
        }
    }

    /** What decides is told once. */
    private static void heard(
            AtomicReference<Ballot> ballot,
            MemberName member,
            Optional<String> refusal,
            Consumer<Optional<String>> answer) {
        Ballot before = Objects.requireNonNull(ballot.get());
        Ballot after = before.heard(member, refusal);
        ballot.set(after);
        if (after.isDecided() && !before.isDecided()) {
            answer.accept(after.refusal());
        }
    }
}
