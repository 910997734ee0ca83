/**
 * What the agent does with one real PostgreSQL, and what the lease guard does when the agent cannot.
 *
 * <p>PostgreSQL refuses to run as root, and the agent's part of it has to be tried with the capabilities that the unit
 * gives. So {@link pgha.it.postgres.PostgresIT} starts a JVM of its own as user postgres, in a network and a process
 * namespace that end with it, runs the classes named {@code ...Checks} there, and reports each of their tests.
 */
@NullMarked
package pgha.it.postgres;

import org.jspecify.annotations.NullMarked;
