package pgha.lab.history;

import java.util.List;

/** What a primary showed of a list. */
public record Read(Call call, List<Integer> values, Server by) {
    public Read {
        values = List.copyOf(values);
    }

    @Override
    public String toString() {
        return "a read of " + call.list() + " at " + by + " by " + call.client();
    }
}
