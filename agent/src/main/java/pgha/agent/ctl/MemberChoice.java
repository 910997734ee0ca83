package pgha.agent.ctl;

import java.util.List;
import java.util.stream.Collectors;
import pgha.agent.ctl.ClusterPicture.Entry;

/**
 * Finds out which members an order is meant for, as patronictl asks.
 *
 * <p>Confined to the command's thread.
 *
 * @param action the verb of the questions
 * @param named members that were named; none means all that fit
 * @param unasked whether nothing is asked
 */
record MemberChoice(Session session, String action, List<String> named, MemberRole role, boolean unasked) {
    MemberChoice {
        named = List.copyOf(named);
    }

    /** Shows the cluster and picks the members that were named and fit; without names, all that fit. */
    List<Entry> allOrNamed(ClusterPicture picture) throws CommandFailed {
        return pick(picture, named.isEmpty());
    }

    /** Like the other, but an order as grave as this is not given to all: who was not named is asked for. */
    List<Entry> namedOnly(ClusterPicture picture) throws CommandFailed {
        return pick(picture, false);
    }

    private List<Entry> pick(ClusterPicture picture, boolean all) throws CommandFailed {
        List<Entry> fitting = role.of(picture);
        if (!unasked || role != MemberRole.ANY) {
            if (named.isEmpty() && fitting.isEmpty()) {
                throw new CommandFailed("cluster %s has no members of role %s".formatted(picture.scope(), role));
            }
            session.printMembers(picture);
        }
        if (all) {
            return fitting;
        }
        if (named.isEmpty()) {
            return unasked ? List.of() : List.of(asked(picture, fitting));
        }
        List<Entry> chosen =
                fitting.stream().filter(member -> named.contains(member.name())).toList();
        if (chosen.isEmpty()) {
            throw new CommandFailed("No %s among provided members".formatted(role));
        }
        return chosen;
    }

    private Entry asked(ClusterPicture picture, List<Entry> fitting) throws CommandFailed {
        String names = fitting.stream().map(Entry::name).collect(Collectors.joining(", "));
        String name = session.terminal().ask("Which member do you want to %s [%s]?".formatted(action, names), "");
        return fitting.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailed(
                        "%s is not a member of cluster %s that can be meant".formatted(name, picture.scope())));
    }

    /** Asks for a yes, unless nothing is asked. */
    void confirm(List<Entry> members, String question) throws CommandFailed {
        String names = members.stream().map(Entry::name).collect(Collectors.joining(", "));
        if (!unasked && !session.terminal().confirm(question.formatted(names))) {
            throw new CommandFailed("Aborted " + action);
        }
    }
}
