/**
 * From a call on a logger to a line in a file: slf4j's backend, written so that logging never holds up the agent.
 *
 * <pre>
 *   slf4j ─► EntryLogger ──┐                                     ┌─► stderr (the journal)
 *                          ├─► LogSink: bounded queue ─► thread ─┤
 *   java.util.logging ─────┘     full: counted, not waited for   └─► RotatedFile in log.dir
 * </pre>
 *
 * <p>The line is Patroni's, because log collectors parse it: {@code 2026-01-01 10:00:00,123 INFO: <message>}, or what
 * {@code log.format} and {@code log.dateformat} say in Python's syntax, or one JSON object. Key-value pairs of slf4j's
 * fluent calls follow the message as {@code key=value}.
 *
 * <p>The backend is ours and not slf4j-jdk14, because that one forgets the key-value pairs and the time of fluent calls.
 * Libraries are heard from WARNING up unless {@code log.loggers} names them: {@code log.level} is about the agent.
 */
@NullMarked
package pgha.agent.log;

import org.jspecify.annotations.NullMarked;
