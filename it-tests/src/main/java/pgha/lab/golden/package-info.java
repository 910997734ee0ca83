/**
 * What Patroni says, kept as files, and how what we say differs from it, field by field.
 *
 * <pre>
 *   Capture (program) ─► a cluster of Patronis ─► Documents ─► Mask ─► src/test/resources/patroni
 *   a cluster of agents ─► Documents ─► Mask ─► Difference ◄─ the files
 * </pre>
 *
 * <p>Both clusters are brought into the same state first, with the same member as leader. What differs from run to run,
 * positions, times and identifiers, is masked; so {@link pgha.lab.golden.Capture} run again writes the same files.
 */
@NullMarked
package pgha.lab.golden;

import org.jspecify.annotations.NullMarked;
