package pgha.agent.sim;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import pgha.dcs.model.MemberName;

/** A leader that the store does not answer asks the others over the network, as their HTTP servers would be asked. */
record SimFailsafe(World world, SimNode node, SimAgent agent) {
    void ask(Collection<MemberName> members, Duration ttl, Duration timeout, Consumer<Optional<String>> answer) {
        SortedSet<MemberName> open = new TreeSet<>(members);
        if (open.isEmpty()) {
            world.after(Duration.ZERO, () -> agent.run(() -> answer.accept(Optional.empty())));
        }
        for (MemberName member : members) {
            String there = member.value();
            Consumer<Optional<String>> reply = refusal -> world.network()
                    .send(there, node.text(), () -> agent.run(() -> heard(member, open, refusal, answer)));
            world.network().send(node.text(), there, () -> world.node(there)
                    .flatMap(SimNode::agent)
                    .ifPresent(asked -> asked.run(() -> asked.letLead(node.name(), ttl, reply))));
            world.after(
                    timeout, () -> agent.run(() -> heard(member, open, Optional.of(member + " is silent"), answer)));
        }
    }

    /** The first no ends it. */
    private static void heard(
            MemberName member,
            SortedSet<MemberName> open,
            Optional<String> refusal,
            Consumer<Optional<String>> answer) {
        if (!open.remove(member)) {
            return;
        }
        if (refusal.isPresent()) {
            open.clear();
            answer.accept(refusal);
        } else if (open.isEmpty()) {
            answer.accept(Optional.empty());
        }
    }
}
