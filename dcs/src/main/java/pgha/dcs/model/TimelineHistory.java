package pgha.dcs.model;

import java.util.List;
import java.util.Optional;

/** Where each timeline ended, as the leaders wrote it down; oldest first. Immutable. */
public record TimelineHistory(List<Switch> switches) {
    public static final TimelineHistory EMPTY = new TimelineHistory(List.of());

    /**
     * The end of one timeline.
     *
     * @param parent the timeline that ended
     * @param at where the next one branched off
     * @param reason PostgreSQL's own words
     * @param time when, as ISO 8601 text, empty if not recorded
     * @param newLeader who was promoted, empty if not recorded
     */
    public record Switch(Timeline parent, Lsn at, String reason, String time, String newLeader) {}

    public TimelineHistory {
        switches = List.copyOf(switches);
    }

    /** The timeline that follows from the last entry; the first one if there is no entry. */
    public Timeline current() {
        return switches.isEmpty()
                ? new Timeline(1)
                : new Timeline(switches.getLast().parent().id() + 1);
    }

    /** The switch by which {@code timeline} began; empty if that is not recorded. */
    public Optional<Switch> beginningOf(Timeline timeline) {
        Timeline next = current();
        for (Switch before : switches.reversed()) {
            if (next.equals(timeline)) {
                return Optional.of(before);
            }
            next = before.parent();
        }
        return Optional.empty();
    }

    /** Where {@code timeline} was left for the next one; empty if that is not recorded. */
    public Optional<Lsn> endOf(Timeline timeline) {
        return switches.stream()
                .filter(s -> s.parent().equals(timeline))
                .map(Switch::at)
                .findFirst();
    }
}
