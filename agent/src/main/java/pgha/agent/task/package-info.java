/**
 * Long operations: blocking code on a thread of its own, with one finish always.
 *
 * <pre>
 *  start(id, task) ─► running ──────────────────────────► finished(id, Succeeded | Failed | Cancelled)
 *                       │  cancel(id)                        ▲        exactly one, always
 *                       └─► cancelling ── TERM, grace, KILL ─┘
 * </pre>
 *
 * <p>A task never touches what the core knows: it looks at its {@link pgha.agent.task.CancelToken} where it can be
 * left, says how far it has got, and ends with an {@link pgha.agent.ha.Outcome}. A step that cannot be taken back is
 * preceded by one more look at the authority to take it, since that authority is about time and no lock can keep it.
 */
@NullMarked
package pgha.agent.task;

import org.jspecify.annotations.NullMarked;
