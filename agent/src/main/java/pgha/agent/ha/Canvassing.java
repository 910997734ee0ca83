package pgha.agent.ha;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** How peers are asked: whom, in which round, and when a new round is due. Pure. */
final class Canvassing {
    private Canvassing() {}

    /**
     * The round about {@code at} that is under way or has just been concluded. One that was begun while our word let
     * somebody write says too little: that one wrote on, and the others received it.
     */
    static Optional<Polling> about(Revision at, Situation s) {
        return s.state()
                .polling()
                .filter(polling -> polling.id().at().equals(at))
                .filter(polling ->
                        s.state().failsafe().pledgedTo(polling.askedAt()).isEmpty())
                .filter(polling -> !polling.isStaleAt(s.now()));
    }

    /** To wait for their answers, and no longer than for a patience: nothing else need happen meanwhile. */
    static Decision begin(Decision decision, Revision at, SortedSet<MemberName> whom, Situation s) {
        return decision.then(ask(at, whom, s)).lookAgainAt(Polling.firstLook(s.now()), s.now());
    }

    /** Ask {@code whom} about {@code at}. */
    static Action.Canvass ask(Revision at, SortedSet<MemberName> whom, Situation s) {
        int attempt = s.state()
                .polling()
                .filter(polling -> polling.id().at().equals(at))
                .map(polling -> polling.id().attempt() + 1)
                .orElse(1);
        List<Action.Peer> peers = whom.stream()
                .map(name -> s.state().cluster().electorate().get(name))
                .filter(member -> member != null && member.apiUrl().isPresent())
                .map(member -> new Action.Peer(member.name(), member.apiUrl().orElseThrow()))
                .toList();
        return new Action.Canvass(new CanvassId(at, attempt), peers);
    }

    /** What a node remembers once it has asked. */
    static Polling begun(NodeState state, Action.Canvass canvass, Moment now) {
        SortedSet<MemberName> asked =
                canvass.peers().stream().map(Action.Peer::name).collect(Collectors.toCollection(TreeSet::new));
        return new Polling(
                canvass.round(),
                now,
                asked,
                state.cluster().lastLeader(),
                Collections.emptySortedMap(),
                said(state),
                state.polling().map(Polling::quietSince).orElse(Moment.EARLIEST));
    }

    /** What was said of writing in the round before is not forgotten because another begins. */
    private static SortedMap<MemberName, Moment> said(NodeState state) {
        return state.polling().map(Polling::writing).orElse(Collections.emptySortedMap());
    }

    /** For people: {@code b, c}; {@code nobody}. */
    static String names(Iterable<MemberName> names) {
        StringBuilder text = new StringBuilder();
        names.forEach(name -> text.append(text.isEmpty() ? "" : ", ").append(name));
        return text.isEmpty() ? "nobody" : text.toString();
    }

    static Optional<Member> member(MemberName name, Situation s) {
        return Optional.ofNullable(s.state().cluster().electorate().get(name));
    }
}
