/**
 * The endurance run: one real cluster under load, one round of faults after the other, each judged by its history.
 *
 * <pre>
 *   Plan (seed, round) ─► Round: load ─ faults begin and end ─ all healed ─ ready ─► History + FinalState
 *     one fault alone, then                                                            │
 *     amid a switchover,                                                               │
 *     then two at random                                   Judge: what these faults excuse ─► Report ─► SoakTable
 * </pre>
 *
 * <p>{@link pgha.lab.soak.Soak} is the program; tests play rounds of their choice. A round is given by the seed and its number
 * alone, but the cluster that it meets, and so who is primary, is what the rounds before have left.
 *
 * <p>What a strike excuses, {@link pgha.lab.soak.Excuses} says by whom it hit and when: the loss of rows that a node
 * acknowledged before this very node was lost or cut off, since replication is asynchronous, and direct writes at two nodes
 * at once where nothing on the older one's host was left that could have stopped them. Nothing excuses two nodes that serve
 * at once under the VIP.
 *
 * <p>Not played: disks that fail or stall.
 *
 * <p>Every node keeps PostgreSQL on a small file system of its own, so that it can be filled, and its programs run over
 * {@link pgha.lab.cluster.InnerFaults}, so that its wall clock can be stepped and the agent's heap filled.
 */
@NullMarked
package pgha.lab.soak;

import org.jspecify.annotations.NullMarked;
