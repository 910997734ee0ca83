package pgha.lab.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.Outcome.Refused;
import pgha.lab.workload.VipSampler.Holding;

/** Asks every rule of a history. Pure. */
public final class HistoryChecker {
    private final History history;
    private final FinalState end;
    private final List<Ack> acknowledged;
    private final List<String> violations = new ArrayList<>();

    private HistoryChecker(History history, FinalState end) {
        this.history = history;
        this.end = end;
        this.acknowledged = history.acknowledged();
    }

    public static Findings check(History history, FinalState end) {
        HistoryChecker checker = new HistoryChecker(history, end);
        List<Ack> lost = checker.lost();
        checker.onlyWhatWasAppended();
        checker.nothingTwice();
        checker.noHoles(lost);
        checker.oneHostATimeline();
        checker.oneHolderOfTheVip();
        checker.violations.addAll(ReadRules.violations(history, end));
        List<Overlap> overlaps = Overlaps.of(checker.acknowledged, history.reads());
        return new Findings(checker.violations, lost, overlaps, checker.bytes(lost));
    }

    private List<Ack> lost() {
        Map<String, Set<Integer>> present = new HashMap<>();
        history.lists().forEach(list -> present.put(list, end.members(list)));
        return acknowledged.stream()
                .filter(ack ->
                        !present.getOrDefault(ack.call().list(), Set.of()).contains(ack.value()))
                .toList();
    }

    /** How far beyond the point where the survivors left its timeline the last lost append was. */
    private OptionalLong bytes(List<Ack> lost) {
        return lost.stream()
                .filter(ack -> end.leftAt(ack.by().timeline()).isPresent())
                .mapToLong(ack -> ack.lsn() - end.leftAt(ack.by().timeline()).orElse(0))
                .max();
    }

    /** No refused append shows, and nothing that nobody appended. */
    private void onlyWhatWasAppended() {
        Map<Integer, Append> byValue = new HashMap<>();
        history.appends().forEach(append -> byValue.put(append.value(), append));
        Set<Integer> seen = new HashSet<>();
        end.lists().values().forEach(seen::addAll);
        history.reads().forEach(read -> seen.addAll(read.values()));
        for (int value : seen) {
            Append append = byValue.get(value);
            if (append == null) {
                violations.add("value " + value + " shows, but nobody appended it");
            } else if (append.outcome() instanceof Refused refused) {
                violations.add("value " + value + " shows, but " + append.call().target() + " had refused it: "
                        + refused.why());
            }
        }
    }

    private void nothingTwice() {
        end.lists().forEach((list, values) -> twice(values, "the final " + list));
        history.reads().forEach(read -> twice(read.values(), read.toString()));
    }

    private void twice(List<Integer> values, String where) {
        Set<Integer> seen = new HashSet<>();
        values.stream()
                .filter(value -> !seen.add(value))
                .forEach(value -> violations.add("value " + value + " shows twice in " + where));
    }

    /** WAL is lost from its end only: on one timeline nothing survives that was asked for after a lost append had ended. */
    private void noHoles(List<Ack> lost) {
        Set<Integer> gone = new HashSet<>();
        lost.forEach(ack -> gone.add(ack.value()));
        Map<Integer, Ack> lastSurvivor = new HashMap<>();
        acknowledged.stream()
                .filter(ack -> !gone.contains(ack.value()))
                .forEach(ack -> lastSurvivor.merge(
                        ack.by().timeline(),
                        ack,
                        (one, other) -> other.call().startedAt() - one.call().startedAt() > 0 ? other : one));
        for (Ack ack : lost) {
            Ack survivor = lastSurvivor.get(ack.by().timeline());
            if (survivor != null && survivor.call().beganAfter(ack.call())) {
                violations.add(ack + " is lost, although the later " + survivor + " survives");
            }
        }
    }

    private void oneHostATimeline() {
        Map<Integer, Ack> first = new TreeMap<>();
        for (Ack ack : acknowledged) {
            Ack other = first.putIfAbsent(ack.by().timeline(), ack);
            if (other != null && !other.by().host().equals(ack.by().host())) {
                violations.add("timeline " + ack.by().timeline() + " was written by two hosts: " + other + "; " + ack);
                return;
            }
        }
    }

    private void oneHolderOfTheVip() {
        history.vip().stream()
                .map(Holding::hosts)
                .filter(hosts -> hosts.size() > 1)
                .distinct()
                .forEach(hosts -> violations.add("the VIP was at " + hosts + " at once"));
    }
}
