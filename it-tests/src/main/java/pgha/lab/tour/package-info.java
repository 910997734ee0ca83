/**
 * The demo: a guided tour through one cluster's life, and the commands to play with the cluster that it leaves.
 *
 * <p>{@code ./demo} at the top of the repository prepares the machine and runs {@link pgha.lab.tour.Demo}.
 */
@NullMarked
package pgha.lab.tour;

import org.jspecify.annotations.NullMarked;
