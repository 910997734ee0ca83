package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.ha.Action.AnswerFailsafe;
import pgha.agent.ha.FailsafeMemory.Pledge;
import pgha.agent.ha.FailsafeMemory.Question;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/**
 * Leading without the store, by the word of all members. Pure.
 *
 * <p>A primary that the store does not answer asks everybody who could be elected: the members of the map under
 * {@code failsafe}, which only a leader writes; who is not in it stands only if all of them speak. Each that accepts is
 * pledged not to stand for as long as the term that its word prolongs. One that refuses or is silent ends it: it may be
 * about to lead.
 */
final class Failsafe {
    private Failsafe() {}

    // The leader

    /** Who has to accept; empty if the mode is off, or if the store is not known to hold a map with us in it. */
    static Optional<SortedMap<MemberName, String>> electorate(Situation s) {
        SortedMap<MemberName, String> stored = s.view().failsafe();
        if (!s.settings().failsafeMode()
                || s.settings().paused()
                || !stored.containsKey(s.self().name())) {
            return Optional.empty();
        }
        // What we wrote last and have not seen yet may be what counts.
        SortedMap<MemberName, String> all = new TreeMap<>(s.state().failsafe().written());
        all.putAll(stored);
        all.remove(s.self().name());
        return Optional.of(all);
    }

    /** The loop's word for a primary that does without the store, or is about to. */
    static Optional<Vouch> vouch(Situation s, Leadership leadership, Decision decision) {
        boolean leads = leadership instanceof Held || leadership instanceof HeldByOther;
        Optional<LeaseTerm> term = s.tenure().term().filter(t -> t.serves(s.now()));
        boolean alone = !s.state().cluster().linkUp()
                || term.filter(t -> t.basis() == LeaseTerm.Basis.MEMBERS).isPresent();
        boolean stops = s.task()
                .map(RunningTask::spec)
                .or(decision::task)
                .filter(TaskSpec.StopPostgres.class::isInstance)
                .isPresent();
        if (leads || term.isEmpty() || !alone || stops || !s.postgres().mayWrite()) {
            return Optional.empty();
        }
        Moment until = s.now().plus(s.timing().vouchFor());
        return electorate(s).map(members -> Vouch.byMembers(term.get().lease(), until, members));
    }

    /** Keeps the map in the store what the members are. */
    static Optional<Action> upkeep(Situation s, LeaseTerm term) {
        if (term.basis() == LeaseTerm.Basis.MEMBERS) {
            // Whoever is added now has not given the word that we still count on, and may be electable first.
            return Optional.empty();
        }
        SortedMap<MemberName, String> wanted = new TreeMap<>();
        if (s.settings().failsafeMode()) {
            for (Member member : s.view().members().values()) {
                member.apiUrl().ifPresent(url -> wanted.put(member.name(), url));
            }
            wanted.put(s.self().name(), s.self().apiUrl());
        }
        return wanted.equals(s.view().failsafe())
                ? Optional.empty()
                : Optional.of(new Action.PublishFailsafe(term.lease(), wanted));
    }

    // The members

    /** What we say to a leader that asks whether it may go on. */
    static Optional<AnswerFailsafe> answer(Situation s) {
        return s.state().failsafe().asked().map(question -> {
            Optional<String> refusal = refusal(s, question.leader());
            return new AnswerFailsafe(question, refusal);
        });
    }

    private static Optional<String> refusal(Situation s, MemberName asks) {
        if (!s.settings().failsafeMode()) {
            return Optional.of("failsafe_mode is off here");
        }
        boolean leads = s.postgres().mayWrite() || s.tenure().armed() || s.leadership() instanceof Held;
        if (leads) {
            return Optional.of("Running as a leader");
        }
        boolean mayLeadSoon = s.isInFlight(ActionKey.ACQUIRE)
                || s.tenure().doubt()
                || s.tenure()
                        .term()
                        .filter(term -> s.now().isBefore(term.expiresAt()))
                        .isPresent();
        if (mayLeadSoon) {
            return Optional.of("standing for leader");
        }
        Optional<MemberName> known =
                s.state().cluster().linkUp() ? s.view().leader().map(LeaderRecord::name) : Optional.empty();
        return known.or(() -> s.state().failsafe().pledgedTo(s.now()))
                .filter(other -> !other.equals(asks))
                .map(other -> other + " leads");
    }

    /** What a node remembers once it has answered. */
    static NodeState answered(NodeState state, AnswerFailsafe answer, Moment now) {
        FailsafeMemory memory = state.failsafe().answered();
        if (answer.refusal().isPresent()) {
            return state.with(memory);
        }
        Question question = answer.question();
        Timing ours = Timings.of(state.cluster().settings());
        Duration ttl = question.ttl().compareTo(ours.ttl()) < 0 ? ours.ttl() : question.ttl();
        Moment until = now.plus(ttl).plus(ours.driftOver(ttl));
        return state.with(memory.pledged(new Pledge(question.leader(), until)));
    }

    /** Why we must not stand, as far as somebody may lead whom the store does not know of. */
    static Optional<String> objection(Situation s, Polling polling) {
        SortedMap<MemberName, String> stored = s.view().failsafe();
        // Only one of them can go on without the store, and would have said so.
        boolean allSpoke = stored.keySet().stream()
                .filter(name -> !name.equals(s.self().name()))
                .allMatch(name -> polling.spoke(name).isPresent());
        if (allSpoke) {
            return Optional.empty();
        }
        if (!stored.containsKey(s.self().name())) {
            return Optional.of("not among the members that a leader without the store asks, and not all of %s answer"
                    .formatted(stored.keySet()));
        }
        // A leader that asked before we were listed, or whose question we have forgotten, may count on us.
        Moment askedSince = s.state().failsafe().askedSince().orElse(s.now());
        Moment pledgedUntil = askedSince.plus(s.state().cluster().longestTtl());
        return s.now().isBefore(pledgedUntil)
                ? Optional.of(
                        "started or listed just now: a leader without the store may not have asked us, for %s more"
                                .formatted(s.until(pledgedUntil)))
                : Optional.empty();
    }
}
