package pgha.agent.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

/**
 * A write-ahead log: how far it goes, and on which branch every stretch of it was written.
 *
 * <p>Immutable. A branch is unique in the world, while PostgreSQL's timeline numbers are not: two servers may both
 * promote from timeline 1 to 2.
 */
record Wal(List<Stretch> stretches) {
    private static final Lsn FIRST = new Lsn(0x3000000);

    /** Up to {@code end} it was written on this branch. */
    record Stretch(long branch, Timeline timeline, Lsn end) {}

    Wal {
        stretches = List.copyOf(stretches);
    }

    static Wal begun(long branch) {
        return new Wal(List.of(new Stretch(branch, new Timeline(1), FIRST)));
    }

    private Stretch last() {
        return stretches.getLast();
    }

    Lsn end() {
        return last().end();
    }

    Timeline timeline() {
        return last().timeline();
    }

    /** The timeline that the present one was promoted from; the first one itself if there was no promotion. */
    Timeline parent() {
        return stretches.size() > 1 ? stretches.get(stretches.size() - 2).timeline() : timeline();
    }

    long branch() {
        return last().branch();
    }

    Wal plus(long bytes) {
        List<Stretch> longer = new ArrayList<>(stretches.subList(0, stretches.size() - 1));
        longer.add(new Stretch(branch(), timeline(), new Lsn(end().bytes() + bytes)));
        return new Wal(longer);
    }

    /** Without its last bytes, as far as they are of its last branch. */
    Wal less(long bytes) {
        Lsn begin = stretches.size() > 1 ? stretches.get(stretches.size() - 2).end() : FIRST;
        List<Stretch> shorter = new ArrayList<>(stretches.subList(0, stretches.size() - 1));
        shorter.add(new Stretch(branch(), timeline(), Lsn.max(begin, new Lsn(end().bytes() - bytes))));
        return new Wal(shorter);
    }

    /** The next timeline begins here. */
    Wal branched(long branch) {
        List<Stretch> more = new ArrayList<>(stretches);
        more.add(new Stretch(branch, new Timeline(timeline().id() + 1), end()));
        return new Wal(more);
    }

    /** Whether {@code other} goes on where this ends, so that this can be replayed into it. */
    boolean isPrefixOf(Wal other) {
        int here = stretches.size() - 1;
        if (other.stretches.size() <= here || !other.stretches.subList(0, here).equals(stretches.subList(0, here))) {
            return false;
        }
        Stretch there = other.stretches.get(here);
        return there.branch() == branch() && !end().isAheadOf(there.end());
    }

    /** Whether what was written on {@code branch} up to {@code end} is in it. */
    boolean has(long branch, Lsn end) {
        return stretches.stream().anyMatch(stretch -> stretch.branch() == branch && !end.isAheadOf(stretch.end()));
    }

    /** How far {@code branch} goes in it. */
    Optional<Lsn> endOf(long branch) {
        return stretches.stream()
                .filter(stretch -> stretch.branch() == branch)
                .map(Stretch::end)
                .findFirst();
    }

    /** Two promotions got the same number: a running replica cannot see that it is on the other one. */
    boolean isNamesakeOf(Wal other) {
        return stretches.stream().anyMatch(mine -> other.stretches.stream()
                .anyMatch(theirs -> mine.timeline().equals(theirs.timeline()) && mine.branch() != theirs.branch()));
    }

    /** PostgreSQL's history file; there is none on the first timeline. */
    Optional<TimelineHistory> history() {
        if (stretches.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(new TimelineHistory(stretches.subList(0, stretches.size() - 1).stream()
                .map(s -> new Switch(s.timeline(), s.end(), "no recovery target specified", "", ""))
                .toList()));
    }

    @Override
    public String toString() {
        return timeline() + ":" + end();
    }
}
