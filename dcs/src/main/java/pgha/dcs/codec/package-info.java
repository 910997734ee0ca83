/**
 * JSON and text of the store on one side, the model on the other.
 *
 * <p>The writers are exact: compact JSON with the fields in Patroni's order and non-ASCII characters escaped as
 * Python does, so that a mixed cluster sees no difference. The readers are lenient: what Patroni ever wrote is
 * understood, unknown fields are passed over, and what cannot be understood at all is an
 * {@link java.lang.IllegalArgumentException} with one sentence.
 *
 * <p>{@link pgha.dcs.codec.ViewAssembler} is where values become a {@link pgha.dcs.model.ClusterView}: it keeps the
 * last good value of a key whose new value makes no sense, and complains once a value. The one exception is the leader
 * key: whatever its value is, somebody else is leading.
 */
@NullMarked
package pgha.dcs.codec;

import org.jspecify.annotations.NullMarked;
