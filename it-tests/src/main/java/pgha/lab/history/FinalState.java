package pgha.lab.history;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The lists after everything has been healed, and the branch they are on.
 *
 * @param forks of every ancestor of {@code timeline}, the position at which the survivors left it
 */
public record FinalState(Map<String, List<Integer>> lists, int timeline, Map<Integer, Long> forks) {
    public FinalState {
        Map<String, List<Integer>> copy = new TreeMap<>();
        lists.forEach((list, values) -> copy.put(list, List.copyOf(values)));
        lists = Collections.unmodifiableMap(copy);
        forks = Collections.unmodifiableMap(new TreeMap<>(forks));
    }

    List<Integer> values(String list) {
        return lists.getOrDefault(list, List.of());
    }

    Set<Integer> members(String list) {
        return new HashSet<>(values(list));
    }

    /** True if what was written on it, up to some position, is part of this state. */
    boolean survives(int branch) {
        return branch == timeline || forks.containsKey(branch);
    }

    /** Where the survivors left {@code branch}; empty if they are on it, or never were. */
    public OptionalLong leftAt(int branch) {
        Long position = forks.get(branch);
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }
}
