/**
 * The core: what a node decides, as a pure function. Feed {@link pgha.agent.ha.HaMachine} what happened, do what it says.
 *
 * <pre>
 *   Event ──► Fold ──► NodeState ──► Situation(now) ──► Decider ──► Decision(reason, task, actions, look again, vouch)
 * </pre>
 *
 * <p>{@link pgha.agent.ha.Decider} asks {@code Overrides} first (foreign data, leaving, orders, pause, a task under way, a term
 * that has ended), then the class of the situation: {@code WhenLeading}, {@code WhenFollowing}, {@code WhenVacant},
 * {@code WhenBlind}. {@code Upkeep} adds what goes on beside every decision.
 *
 * <p>Laws of the core:
 *
 * <ul>
 *   <li><b>C1</b> No I/O, clock, randomness, threads or logging. Jitter is a hash of member name and vacancy revision.
 *   <li><b>C2</b> Total: every reachable state yields a decision; "nothing to do" is one, with a reason.
 *   <li><b>C3</b> One task at a time owns the data directory; a second cannot be expressed.
 *   <li><b>C4</b> An action is not emitted again while it is in flight; enforced in {@code HaMachine.step} alone.
 *   <li><b>C5</b> No answer is neither success nor failure; the next view decides.
 *   <li><b>C6</b> Level-triggered: what is decided depends on the situation, not on the event that arrived.
 * </ul>
 *
 * <p>Invariants of the whole, which the simulator checks after every event:
 *
 * <ul>
 *   <li><b>I1</b> At most one node accepts writes under valid terms.
 *   <li><b>I2</b> A node that accepts writes has a term that is valid now, on its own clock.
 *   <li><b>I3</b> The address is bound only under a valid term, and gone before the lease is released or given away.
 *   <li><b>I4</b> Nobody promotes while an attempt on the leader key is unanswered.
 *   <li><b>I5</b> With synchronous commit, an acknowledged commit is on the winner of any election.
 *   <li><b>I6</b> A data directory on a lesser timeline never serves as primary.
 *   <li><b>I7</b> No data directory is removed while it might hold the only copy of acknowledged commits.
 *   <li><b>I8</b> When faults stop, there is soon exactly one primary, and every other reachable node follows it.
 * </ul>
 *
 * <p>Where it differs from what one might expect: the term stays known after the lease is lost, until the writer is known
 * to be stopped ({@link pgha.agent.ha.Tenure}); a write to the store stays in flight until a view shows it ({@code
 * InFlight}); what was seen of PostgreSQL before a task ended does not count after it ({@link pgha.agent.ha.LocalMemory}).
 */
@NullMarked
package pgha.agent.ha;

import org.jspecify.annotations.NullMarked;
