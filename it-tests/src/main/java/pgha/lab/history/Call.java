package pgha.lab.history;

/**
 * Who asked whom about which list, and when.
 *
 * @param target the node's name, or {@link #VIP}
 * @param startedAt when the client began, connecting included; {@code endedAt}: when it had the answer or gave up; in
 *     nanoseconds of {@link System#nanoTime}
 */
public record Call(String client, String target, String list, long startedAt, long endedAt) {
    /** The target of calls that go to whoever has the virtual address. */
    public static final String VIP = "vip";

    public boolean isViaVip() {
        return target.equals(VIP);
    }

    /** True if the client of {@code other} had its answer before this client began. */
    boolean beganAfter(Call other) {
        return startedAt - other.endedAt > 0;
    }
}
