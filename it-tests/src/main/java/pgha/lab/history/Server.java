package pgha.lab.history;

/** Who answered: the host by its own word, and the timeline that its PostgreSQL wrote on. */
public record Server(String host, int timeline) {
    @Override
    public String toString() {
        return host + " on timeline " + timeline;
    }
}
