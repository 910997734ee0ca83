/**
 * Clients that append unique values to lists and read the lists back, and the judgement of what they saw.
 *
 * <pre>
 *   ListClient through the VIP (four) ──┐            surviving branch: FinalState
 *   ListClient at every node directly ──┼─► History ──────────┬─────────► HistoryChecker ─► Findings
 *   VipSampler: whose kernel has the VIP┘                     │
 *                                    what was acknowledged, refused, left open, and read
 * </pre>
 *
 * <p>A list is one row with an array, so an append waits for the one before it: the order in the array is the order of the
 * commits, and a read must show a prefix of every later one. Every value is appended once. An append has three ends:
 * acknowledged; refused, when the server said no and cannot have committed it; and unknown, when it was sent and the answer
 * was lost. Reads count only where the server said in a statement before that it is a primary.
 *
 * <p>A <em>branch</em> is a timeline with its ancestors. The one that the last primary is on survives; what a client was
 * told on a timeline that the survivors left before it was written is <em>lost</em>. With asynchronous replication losing
 * it may be allowed; it is named in any case. Only that may be gone: nothing in the middle of a list, nothing that was
 * written before something that survived, and nothing on a timeline as long as that timeline is read.
 *
 * <p>All moments are {@link java.lang.System#nanoTime} of the one JVM that runs all clients on the machine that runs all
 * hosts. An acknowledgement proves that its node committed at some moment between the client's asking and its answer. So
 * two nodes are <em>shown</em> to have served at once when one answered what it was asked after the other had acknowledged
 * on a later timeline; an overlap shorter than the pause between two questions may go unseen.
 */
@NullMarked
package pgha.lab.history;

import org.jspecify.annotations.NullMarked;
