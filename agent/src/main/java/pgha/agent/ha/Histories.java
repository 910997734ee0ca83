package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

/** Brings PostgreSQL's history file and what earlier leaders wrote down together. Pure. */
final class Histories {
    private static final String LEFT_OUT = "number taken by a promotion that came to nothing";

    /** Of numbers left out in a row: a file that somebody wrote by hand must not fill the store. */
    private static final int MOST = 100;

    private Histories() {}

    /**
     * The entries of the file; when and to whom as written before, the last one as seen now.
     *
     * @param on the timeline that the file is of
     */
    static TimelineHistory merge(
            TimelineHistory file, Timeline on, TimelineHistory written, MemberName self, ClusterSettings settings) {
        List<Switch> merged = new ArrayList<>();
        for (Switch entry : file.switches()) {
            boolean last = entry.equals(file.switches().getLast());
            Optional<Switch> before = written.switches().stream()
                    .filter(w -> w.parent().equals(entry.parent()) && w.at().equals(entry.at()))
                    .filter(w -> !w.newLeader().isEmpty() || !last)
                    .findFirst();
            merged.add(before.orElseGet(() -> last ? promoted(entry, self) : entry));
        }
        List<Switch> whole = withoutGaps(merged, on);
        int keep = settings.maxTimelinesHistory();
        int from = keep > 0 ? Math.max(0, whole.size() - keep) : 0;
        return new TimelineHistory(whole.subList(from, whole.size()));
    }

    /**
     * PostgreSQL takes no number for which the archive has a history file, as that of a promotion which nobody followed.
     * An entry names the timeline that ended and not the next one, which everybody takes to have the next number: so
     * that whoever is on one that was left out hears that it has ended, and where.
     */
    private static List<Switch> withoutGaps(List<Switch> entries, Timeline on) {
        List<Switch> whole = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Switch entry = entries.get(i);
            whole.add(entry);
            int next = i + 1 < entries.size() ? entries.get(i + 1).parent().id() : on.id();
            int first = entry.parent().id() + 1;
            for (int id = first; id < Math.min(next, first + MOST); id++) {
                whole.add(new Switch(new Timeline(id), entry.at(), LEFT_OUT, entry.time(), entry.newLeader()));
            }
        }
        return whole;
    }

    private static Switch promoted(Switch entry, MemberName self) {
        return new Switch(entry.parent(), entry.at(), entry.reason(), entry.time(), self.value());
    }
}
