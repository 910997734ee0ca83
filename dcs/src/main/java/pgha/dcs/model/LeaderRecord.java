package pgha.dcs.model;

/**
 * Who holds the leader key.
 *
 * <p>Immutable.
 *
 * @param lease the lease the key disappears with
 * @param created the revision at which the key came into being: it changes when the key was gone in between
 * @param modified the revision of its last write
 */
public record LeaderRecord(MemberName name, LeaseId lease, Revision created, Revision modified) {}
