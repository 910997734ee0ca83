/** The cluster as stored: the store as a port, its vocabulary in {@code model}, etcd behind it. */
@NullMarked
package pgha.dcs;

import org.jspecify.annotations.NullMarked;
