package pgha.dcs.model;

/** Names one lease in the store. Immutable; printed as etcdctl prints it. */
public record LeaseId(long id) {
    /** Keys without a lease carry this. */
    public static final LeaseId NONE = new LeaseId(0);

    @Override
    public String toString() {
        return Long.toHexString(id);
    }
}
