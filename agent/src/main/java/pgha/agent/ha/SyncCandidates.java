package pgha.agent.ha;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pgha.agent.ha.Observation.Sender;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.RunState;

/**
 * Who could be waited for, the best first: members that stream from this primary.
 *
 * <p>Immutable. Those that are waited for already stay in front, so that nobody is exchanged without a reason.
 */
record SyncCandidates(List<Candidate> inOrder) {
    /**
     * One of them.
     *
     * @param position what it has confirmed, in the way in which commits wait
     * @param waitedFor whether PostgreSQL says that it waits for it
     */
    record Candidate(Member member, Lsn position, boolean waitedFor) {
        MemberName name() {
            return member.name();
        }
    }

    SyncCandidates {
        inOrder = List.copyOf(inOrder);
    }

    static SyncCandidates of(Situation s, Sql sql) {
        SortedMap<String, List<Sender>> senders = streaming(sql);
        List<Candidate> all = new ArrayList<>();
        for (Member member : s.view().members().values()) {
            // A name that two senders bear is nobody's: the wrong one may confirm.
            List<Sender> its = senders.getOrDefault(member.name().value().toLowerCase(Locale.ROOT), List.of());
            if (its.size() == 1 && mayBeWaitedFor(s, member)) {
                position(sql, its.getFirst())
                        .ifPresent(at -> all.add(new Candidate(member, at, isWaitedFor(its.getFirst()))));
            }
        }
        all.removeIf(candidate -> isToCascade(candidate, all));
        Optional<Lsn> furthest = all.stream().map(Candidate::position).max(Comparator.naturalOrder());
        Lsn measure = all.size() > 1 ? furthest.orElse(Lsn.ZERO) : sql.position();
        ByteCount limit = s.settings().maximumLagOnSyncnode();
        all.removeIf(candidate ->
                limit.value() > 0 && measure.minus(candidate.position()).exceeds(limit));
        all.sort(order(s));
        return new SyncCandidates(all);
    }

    /** By name, in the way in which PostgreSQL compares them. */
    private static SortedMap<String, List<Sender>> streaming(Sql sql) {
        SortedMap<String, List<Sender>> byName = new TreeMap<>();
        for (Sender sender : sql.senders()) {
            if (sender.state().equals("streaming")) {
                byName.computeIfAbsent(sender.applicationName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(sender);
            }
        }
        return byName;
    }

    private static boolean mayBeWaitedFor(Situation s, Member member) {
        return !member.name().equals(s.self().name())
                && member.state() == RunState.RUNNING
                && !member.tags().noSync();
    }

    /** In the way in which commits wait. */
    private static Optional<Lsn> position(Sql sql, Sender sender) {
        return switch (sql.synchrony().commit()) {
            case "remote_write" -> sender.written();
            case "remote_apply" -> sender.replayed();
            default -> sender.flushed();
        };
    }

    private static boolean isWaitedFor(Sender sender) {
        return sender.syncState().equals("sync") || sender.syncState().equals("quorum");
    }

    /** It streams from here only until it has found the one that it is to follow. */
    private static boolean isToCascade(Candidate candidate, List<Candidate> others) {
        Optional<String> from = candidate.member().tags().replicateFrom();
        return others.stream()
                .anyMatch(other -> from.filter(other.name().value()::equals).isPresent());
    }

    private static Comparator<Candidate> order(Situation s) {
        SortedSet<MemberName> voters = new TreeSet<>();
        s.view().sync().ifPresent(sync -> voters.addAll(sync.voters()));
        return Comparator.<Candidate, Boolean>comparing(c -> c.member().tags().noFailover())
                .thenComparingInt(c -> -c.member().tags().syncPriority())
                .thenComparing(c -> !voters.contains(c.name()))
                .thenComparing(c -> !c.waitedFor())
                .thenComparing(Candidate::position, Comparator.reverseOrder())
                .thenComparing(Candidate::name);
    }

    /** The first {@code wanted} of them. */
    SortedSet<MemberName> best(int wanted) {
        return inOrder.stream().limit(wanted).map(Candidate::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** All who may lead, and so many of the others that there are {@code wanted}. */
    SortedSet<MemberName> enough(int wanted) {
        long leaders = inOrder.stream()
                .filter(candidate -> !candidate.member().tags().noFailover())
                .count();
        return best((int) Math.max(leaders, wanted));
    }

    /** Those that are waited for and have everything up to {@code mark}. */
    SortedSet<MemberName> confirmed(Optional<Lsn> mark) {
        return inOrder.stream()
                .filter(candidate -> candidate.waitedFor()
                        && mark.filter(at -> !at.isAheadOf(candidate.position()))
                                .isPresent())
                .map(Candidate::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
