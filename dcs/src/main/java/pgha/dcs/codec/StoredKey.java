package pgha.dcs.codec;

import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Revision;

/**
 * One key as the store holds it.
 *
 * <p>Immutable.
 *
 * @param key the whole path
 * @param value as text; bytes that are no UTF-8 have been replaced
 * @param lease {@link LeaseId#NONE} if the key has none
 * @param created the revision at which the key came into being
 * @param modified the revision of its last write
 */
public record StoredKey(String key, String value, LeaseId lease, Revision created, Revision modified) {}
