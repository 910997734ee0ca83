package pgha.agent.ha;

/** Names one run of one task. Immutable; counted from 1 in a process. */
public record TaskId(long number) {
    @Override
    public String toString() {
        return Long.toString(number);
    }
}
