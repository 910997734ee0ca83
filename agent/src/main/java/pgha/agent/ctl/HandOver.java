package pgha.agent.ctl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.dcs.DcsReply;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.client.HttpReply;

/**
 * The dialog of {@code switchover} and {@code failover}: look, ask, order, look again.
 *
 * <p>Confined to the command's thread. Questions, their order and the refusals are patronictl's. The order goes to the
 * leader's agent, or to the candidate's if nobody leads; if that agent cannot be reached, into the store.
 */
final class HandOver {
    /** Which of the two. */
    enum Kind {
        SWITCHOVER("switchover"),
        FAILOVER("failover");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        private String title() {
            return Character.toUpperCase(word.charAt(0)) + word.substring(1);
        }
    }

    /** What was said on the command line; the rest is asked, unless {@code unasked}. */
    record Wish(
            String cluster,
            Optional<String> leader,
            Optional<String> candidate,
            Optional<String> schedule,
            boolean unasked) {}

    /** What is ordered in the end. */
    private record Order(Optional<String> leader, Optional<String> candidate, Optional<String> scheduledAt) {
        String json() {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            leader.ifPresent(name -> body.put("leader", name));
            candidate.ifPresent(name -> body.put("candidate", name));
            scheduledAt.ifPresent(at -> body.put("scheduled_at", at));
            return body.toString();
        }

        SwitchoverRequest request() {
            return new SwitchoverRequest(
                    leader.map(MemberName::new), candidate.map(MemberName::new), scheduledAt, Revision.ZERO);
        }
    }

    private final Session session;
    private final Terminal terminal;
    private final Kind kind;
    private final Wish wish;

    HandOver(Session session, Kind kind, Wish wish) {
        this.session = session;
        this.terminal = session.terminal();
        this.kind = kind;
        this.wish = wish;
    }

    void run() throws CommandFailed {
        ClusterPicture picture = session.access().picture(wish.cluster());
        terminal.printLine("Current cluster topology");
        session.printMembers(picture);
        Optional<String> leader = kind == Kind.SWITCHOVER ? Optional.of(leader(picture)) : Optional.empty();
        Optional<String> candidate = candidate(picture);
        Optional<String> schedule = kind == Kind.SWITCHOVER ? schedule(picture) : Optional.empty();
        confirm(picture, schedule);
        order(picture, new Order(leader, candidate, schedule));
        session.printMembers(session.access().picture(wish.cluster()));
    }

    private String leader(ClusterPicture picture) throws CommandFailed {
        Entry current = picture.leader().orElseThrow(() -> new CommandFailed("This cluster has no leader"));
        String prompt = current.role().equals("standby_leader") ? "Standby Leader" : "Primary";
        String named = wish.leader().isPresent() || wish.unasked()
                ? wish.leader().orElse(current.name())
                : terminal.ask(prompt, current.name());
        if (!named.equals(current.name())) {
            throw new CommandFailed("Member %s is not the leader of cluster %s".formatted(named, wish.cluster()));
        }
        return named;
    }

    private Optional<String> candidate(ClusterPicture picture) throws CommandFailed {
        List<String> candidates = picture.candidates();
        if (candidates.isEmpty()) {
            throw new CommandFailed("No candidates found to " + kind.word + " to");
        }
        String quoted = candidates.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
        Optional<String> candidate = wish.candidate().isPresent() || wish.unasked()
                ? wish.candidate()
                : Optional.of(terminal.ask("Candidate " + quoted, "")).filter(name -> !name.isEmpty());
        if (candidate.isEmpty() && kind == Kind.FAILOVER) {
            throw new CommandFailed("Failover could be performed only to a specific candidate");
        }
        if (candidate.isPresent()) {
            checkCandidate(picture, candidate.get());
        }
        return candidate;
    }

    private void checkCandidate(ClusterPicture picture, String candidate) throws CommandFailed {
        if (picture.member(candidate).filter(Entry::leads).isPresent()) {
            throw new CommandFailed(
                    "Member %s is already the leader of cluster %s".formatted(candidate, wish.cluster()));
        }
        if (!picture.candidates().contains(candidate)) {
            throw new CommandFailed("Member %s does not exist in cluster %s or is tagged as nofailover"
                    .formatted(candidate, wish.cluster()));
        }
        if (kind == Kind.FAILOVER && !wish.unasked() && picture.isAsynchronous(candidate)) {
            confirm("Are you sure you want to failover to the asynchronous node " + candidate + "?", "failover");
        }
    }

    private Optional<String> schedule(ClusterPicture picture) throws CommandFailed {
        String text = wish.schedule().isPresent() || wish.unasked()
                ? wish.schedule().orElse("now")
                : terminal.ask(
                        "When should the switchover take place (e.g. %s ) "
                                .formatted(Schedule.example(terminal.clock().get())),
                        "now");
        Optional<String> at = Schedule.parse(text, terminal.clock().get().getZone());
        if (at.isPresent() && picture.isPaused()) {
            throw new CommandFailed("Can't schedule switchover in the paused state");
        }
        return at;
    }

    private void confirm(ClusterPicture picture, Optional<String> schedule) throws CommandFailed {
        if (wish.unasked()) {
            return;
        }
        String demoting = picture.leader()
                .map(leader -> ", demoting current leader " + leader.name())
                .orElse("");
        if (schedule.isPresent()) {
            confirm(
                    "Are you sure you want to schedule switchover of cluster %s at %s%s?"
                            .formatted(wish.cluster(), schedule.get(), demoting),
                    "scheduled switchover");
        } else {
            confirm(
                    "Are you sure you want to %s cluster %s%s?".formatted(kind.word, wish.cluster(), demoting),
                    kind.word);
        }
    }

    private void confirm(String question, String what) throws CommandFailed {
        if (!terminal.confirm(question)) {
            throw new CommandFailed("Aborting " + what);
        }
    }

    private void order(ClusterPicture picture, Order order) throws CommandFailed {
        Optional<String> url = picture.leader()
                .or(() -> order.candidate().flatMap(picture::member))
                .flatMap(member -> member.endpoint("/" + kind.word));
        if (url.isEmpty()) {
            leaveInStore(order, "no agent's address is known");
            return;
        }
        switch (session.access().post(url.get(), order.json())) {
            case HttpReply.Answered answered -> report(answered);
            case HttpReply.NoReply none -> {
                if (none.sent()) {
                    throw new CommandFailed("%s result unknown: %s from %s; it may still happen, see list"
                            .formatted(kind.title(), none.cause(), url.get()));
                }
                leaveInStore(order, none.cause());
            }
        }
    }

    private void report(HttpReply.Answered answered) throws CommandFailed {
        if (answered.code() != 200 && answered.code() != 202) {
            throw new CommandFailed(
                    "%s failed, details: %d, %s".formatted(kind.title(), answered.code(), answered.body()));
        }
        terminal.report(answered.body());
    }

    private void leaveInStore(Order order, String cause) throws CommandFailed {
        terminal.complain("cannot reach an agent: " + cause);
        terminal.report("Could not %s using Patroni api, falling back to DCS".formatted(kind.word));
        switch (session.access().leaveRequest(wish.cluster(), order.request())) {
            case DcsReply.Done<Revision> done ->
                terminal.printLine("The request lies in the store; the leader takes it up when it sees it.");
            case DcsReply.Refused<Revision> refused ->
                throw new CommandFailed("cannot leave the request in the store: " + refused.reason());
            case DcsReply.NoAnswer<Revision> none ->
                throw new CommandFailed("cannot tell whether the request got into the store: " + none.cause()
                        + "; see list before you order it again");
        }
    }
}
