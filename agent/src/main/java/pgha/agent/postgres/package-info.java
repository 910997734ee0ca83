/**
 * The local PostgreSQL: its process, its files, what it says, and the long operations on it.
 *
 * <pre>
 *   TaskSpec ─► PostgresTasks ─► a Task ──┬─► Postmaster       spawn, adopt, signal, await, kill
 *                                         ├─► ExternalCommand  initdb, pg_basebackup, pg_rewind, ...
 *                                         ├─► ConfigFiles      what the server is configured with
 *                                         └─► Sql              the few statements we run
 *   Observer ─► Observation (only when something has changed)
 *   Postmaster ─► its exit, at once, after everything that worked for it is gone
 * </pre>
 *
 * <p>Who may write is not decided here: a task that makes a writer asks its {@link pgha.agent.postgres.WriterPermit}
 * first, and once more before the step that cannot be taken back.
 *
 * <p><b>The writer is stopped</b> has one meaning: the postmaster takes no connections any more, and none of its
 * processes is left except those of {@code Backend}'s list. What is left then may finish its checkpoint and its sending
 * in peace. <b>Killing</b> means everything that works in the data directory, the postmaster last: backends that outlive
 * their postmaster still acknowledge.
 *
 * <p>The server is our child in a session of its own. It outlives the agent, and the next agent adopts it: whatever
 * works here has to work for a postmaster that somebody else started. Nothing here reads a pipe, and nothing waits
 * without a bound for a server that may be stopped.
 *
 * <p>Expected failures are values: a task ends with {@link pgha.agent.ha.Outcome.Failed} and PostgreSQL's own words.
 */
@NullMarked
package pgha.agent.postgres;

import org.jspecify.annotations.NullMarked;
