/**
 * What is asked once, before an agent runs: does the file fit this host, and what would the file of a running server be.
 *
 * <p>{@link pgha.agent.setup.HostInspection} holds a file that was read against ports, directories, programs and etcd, and
 * has a sentence for each thing that does not fit. {@link pgha.agent.setup.RunningServer} asks a PostgreSQL for what
 * {@link pgha.agent.setup.GeneratedConfig}, which is pure, makes a file of. Everything runs on the main thread and blocks
 * for seconds at most.
 */
@NullMarked
package pgha.agent.setup;

import org.jspecify.annotations.NullMarked;
