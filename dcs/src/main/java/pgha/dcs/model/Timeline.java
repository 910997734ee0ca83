package pgha.dcs.model;

/** A timeline of the write-ahead log; each promotion starts the next. Immutable, from 1. */
public record Timeline(int id) implements Comparable<Timeline> {
    public Timeline {
        if (id < 1) {
            throw new IllegalArgumentException("not a timeline: " + id + "; the first one is 1");
        }
    }

    public boolean isBehind(Timeline other) {
        return id < other.id;
    }

    @Override
    public int compareTo(Timeline other) {
        return Integer.compare(id, other.id);
    }

    @Override
    public String toString() {
        return Integer.toString(id);
    }
}
