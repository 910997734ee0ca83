package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * One round of asking the others where they are: whom we asked, and what they said so far.
 *
 * <p>Immutable.
 *
 * @param formerLeader whose silence is waited out for a shorter time: its lease is over, so that it is most likely dead
 * @param writing who said last, in this round or in one before, that it may be writing; and when a lease that it had
 *     then is over
 * @param quietSince by when all had stopped who said so before, and say so no more
 */
record Polling(
        CanvassId id,
        Moment askedAt,
        SortedSet<MemberName> asked,
        Optional<MemberName> formerLeader,
        SortedMap<MemberName, PeerAnswer> answers,
        SortedMap<MemberName, Moment> writing,
        Moment quietSince) {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PATIENCE_WITH_FORMER_LEADER = Duration.ofMillis(250);

    /** Answers older than this say nothing about now. */
    static final Duration GOOD_FOR = Duration.ofSeconds(1);

    Polling {
        asked = Collections.unmodifiableSortedSet(new TreeSet<>(asked));
        answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
        writing = Collections.unmodifiableSortedMap(new TreeMap<>(writing));
    }

    /** A round in which there is nobody to ask. */
    static Polling nobody(Revision about, Moment now) {
        return new Polling(
                new CanvassId(about, 1),
                now,
                Collections.emptySortedSet(),
                Optional.empty(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Moment.EARLIEST);
    }

    /** @param leasesEndAt by when any lease is over that somebody has at this moment, {@code now} */
    Polling heard(List<PeerAnswer> more, Moment now, Moment leasesEndAt) {
        SortedMap<MemberName, PeerAnswer> all = new TreeMap<>(answers);
        SortedMap<MemberName, Moment> writers = new TreeMap<>(writing);
        Moment quiet = quietSince;
        for (PeerAnswer answer : more) {
            all.put(answer.name(), answer);
            if (answer instanceof PeerAnswer.Spoke spoke) {
                quiet = writers.remove(spoke.name()) == null ? quiet : now;
                if (spoke.mayWrite()) {
                    writers.put(spoke.name(), leasesEndAt);
                }
            }
        }
        return new Polling(id, askedAt, asked, formerLeader, all, writers, quiet);
    }

    /** From when on what a member has is all that can have been acknowledged by whoever said that it may be writing. */
    Moment nobodyWritesSince() {
        return writing.values().stream().reduce(quietSince, Moment::later);
    }

    /**
     * Who said in an earlier round that it may be writing, and is silent in this one; and until when its lease may last.
     * What keeps it from answering need not keep it from writing.
     */
    SortedMap<MemberName, Moment> silentWriters(Moment now) {
        SortedMap<MemberName, Moment> silent = new TreeMap<>();
        writing.forEach((name, leaseEndsAt) -> {
            if (spoke(name).isEmpty() && now.isBefore(leaseEndsAt)) {
                silent.put(name, leaseEndsAt);
            }
        });
        return silent;
    }

    /** When a round that is begun at {@code now} may be concluded though nobody has said a word. */
    static Moment firstLook(Moment now) {
        return now.plus(PATIENCE_WITH_FORMER_LEADER);
    }

    boolean isConcludedAt(Moment now) {
        return !now.isBefore(concludesAt());
    }

    /** When there is nobody left to wait for. */
    Moment concludesAt() {
        SortedSet<MemberName> silent = silent();
        if (silent.isEmpty()) {
            return askedAt;
        }
        boolean onlyTheFormerLeader = formerLeader
                .filter(former -> silent.stream().allMatch(former::equals))
                .isPresent();
        return askedAt.plus(onlyTheFormerLeader ? PATIENCE_WITH_FORMER_LEADER : PATIENCE);
    }

    boolean isStaleAt(Moment now) {
        return !now.isBefore(Moment.later(concludesAt(), askedAt).plus(GOOD_FOR));
    }

    /** Those who have not said anything yet. */
    SortedSet<MemberName> silent() {
        SortedSet<MemberName> rest = new TreeSet<>(asked);
        rest.removeAll(answers.keySet());
        return rest;
    }

    /** Those who answered with something we understand. */
    List<PeerAnswer.Spoke> spoke() {
        return answers.values().stream()
                .filter(PeerAnswer.Spoke.class::isInstance)
                .map(PeerAnswer.Spoke.class::cast)
                .toList();
    }

    /** Everybody who was asked has said where it is. */
    boolean allSpoke() {
        long placed =
                spoke().stream().filter(peer -> peer.position().isPresent()).count();
        return placed == asked.size();
    }

    Optional<PeerAnswer.Spoke> spoke(MemberName name) {
        return spoke().stream().filter(answer -> answer.name().equals(name)).findFirst();
    }
}
