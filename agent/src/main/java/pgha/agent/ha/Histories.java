package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

/** Brings PostgreSQL's history file and what earlier leaders wrote down together. Pure. */
final class Histories {
    private Histories() {}

    /** The entries of the file; when and to whom as written before, the last one as seen now. */
    static TimelineHistory merge(
            TimelineHistory file, TimelineHistory written, MemberName self, ClusterSettings settings) {
        List<Switch> merged = new ArrayList<>();
        for (Switch entry : file.switches()) {
            boolean last = entry.equals(file.switches().getLast());
            Optional<Switch> before = written.switches().stream()
                    .filter(w -> w.parent().equals(entry.parent()) && w.at().equals(entry.at()))
                    .filter(w -> !w.newLeader().isEmpty() || !last)
                    .findFirst();
            merged.add(before.orElseGet(() -> last ? promoted(entry, self) : entry));
        }
        int keep = settings.maxTimelinesHistory();
        int from = keep > 0 ? Math.max(0, merged.size() - keep) : 0;
        return new TimelineHistory(merged.subList(from, merged.size()));
    }

    private static Switch promoted(Switch entry, MemberName self) {
        return new Switch(entry.parent(), entry.at(), entry.reason(), entry.time(), self.value());
    }
}
