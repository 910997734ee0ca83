package pgha.lab.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import pgha.lab.history.Append.Ack;

/**
 * What reads may show: prefixes of one another, and everything that their branch has promised before. Pure.
 *
 * <p>A read on a timeline must show what was acknowledged or shown on that timeline before it began, whether it survived
 * or not. A read on the surviving branch must also show what survived of all earlier timelines of that branch.
 */
final class ReadRules {
    private final String list;
    private final List<Read> reads;
    private final List<Ack> acknowledged;
    private final FinalState end;
    private final List<String> violations = new ArrayList<>();

    private ReadRules(String list, History history, FinalState end) {
        this.list = list;
        this.end = end;
        this.reads = history.reads().stream()
                .filter(read -> read.call().list().equals(list))
                .toList();
        this.acknowledged = history.acknowledged().stream()
                .filter(ack -> ack.call().list().equals(list))
                .toList();
    }

    static List<String> violations(History history, FinalState end) {
        List<String> all = new ArrayList<>();
        for (String list : history.lists()) {
            ReadRules rules = new ReadRules(list, history, end);
            rules.onlyTheEndIsLost();
            rules.oneOrderATimeline();
            rules.nothingPromisedIsGone();
            all.addAll(rules.violations);
        }
        return all;
    }

    /** A read is a prefix of the final list, followed by nothing but what is lost. */
    private void onlyTheEndIsLost() {
        List<Integer> last = end.values(list);
        Set<Integer> kept = end.members(list);
        for (Read read : reads) {
            List<Integer> rest = read.values()
                    .subList(common(read.values(), last), read.values().size());
            rest.stream()
                    .filter(kept::contains)
                    .findFirst()
                    .ifPresent(value -> violations.add(read + " shows " + value
                            + " after something that is lost, or in another order than the final list"));
            if (read.by().timeline() == end.timeline() && !rest.isEmpty()) {
                violations.add(read + " shows " + rest.getFirst() + ", which is gone from the timeline that survived");
            }
        }
    }

    /** Of two reads on one timeline, one is a prefix of the other. */
    private void oneOrderATimeline() {
        TreeMap<Integer, List<Read>> byTimeline = reads.stream()
                .collect(Collectors.groupingBy(read -> read.by().timeline(), TreeMap::new, Collectors.toList()));
        for (List<Read> onOne : byTimeline.values()) {
            List<Read> bySize = new ArrayList<>(onOne);
            bySize.sort(Comparator.comparingInt(read -> read.values().size()));
            for (int number = 1; number < bySize.size(); number++) {
                Read shorter = bySize.get(number - 1);
                Read longer = bySize.get(number);
                if (common(shorter.values(), longer.values()) < shorter.values().size()) {
                    violations.add(shorter + " and " + longer + " show different orders");
                }
            }
        }
    }

    private void nothingPromisedIsGone() {
        Set<Integer> kept = end.members(list);
        for (Read read : reads) {
            Set<Integer> shown = new HashSet<>(read.values());
            for (Ack ack : acknowledged) {
                boolean promised =
                        read.call().beganAfter(ack.call()) && binds(ack.by(), read.by(), kept.contains(ack.value()));
                if (promised && !shown.contains(ack.value())) {
                    violations.add(read + " lacks " + ack + " before it began");
                    break;
                }
            }
            earlierReads(read, shown, kept);
        }
    }

    private void earlierReads(Read read, Set<Integer> shown, Set<Integer> kept) {
        for (Read earlier : reads) {
            if (!read.call().beganAfter(earlier.call())) {
                continue;
            }
            // The last value is enough: of what came before it, the other rules ask.
            Optional<Integer> bound = earlier.values().reversed().stream()
                    .filter(value -> binds(earlier.by(), read.by(), kept.contains(value)))
                    .findFirst();
            if (bound.isPresent() && !shown.contains(bound.get())) {
                violations.add(read + " lacks " + bound.get() + ", which " + earlier + " showed before it began");
                return;
            }
        }
    }

    /** True if what {@code earlier} promised must show in a later read at {@code later}. */
    private boolean binds(Server earlier, Server later, boolean kept) {
        if (earlier.timeline() == later.timeline()) {
            return true;
        }
        return kept
                && earlier.timeline() < later.timeline()
                && end.survives(earlier.timeline())
                && end.survives(later.timeline());
    }

    private static int common(List<Integer> one, List<Integer> other) {
        int shorter = Math.min(one.size(), other.size());
        int equal = 0;
        while (equal < shorter && one.get(equal).equals(other.get(equal))) {
            equal++;
        }
        return equal;
    }
}
