/**
 * What clients of the cluster do and notice while something happens to it, written down and then judged.
 *
 * <pre>
 *   VipWriter (keeping or reconnecting) ─┐
 *   PacedClient (twenty times a second)  ├─► Journal of Attempts ─► Verdict: lost rows, overlapping writers, outage
 *   DirectProber (every node, 50 ms)    ─┘
 *   SessionHolder: sessions opened before the fault, and when each got its error
 *   VipSampler: which kernels have the VIP, every 20 ms
 * </pre>
 *
 * <p>All moments are {@link java.lang.System#nanoTime} of the one JVM that runs all clients, so they can be compared. An
 * attempt has three ends: acknowledged; failed, when the server cannot have committed it; and unknown, when it was sent
 * and the answer was lost. Only acknowledged rows may not be missing at the end.
 */
@NullMarked
package pgha.lab.workload;

import org.jspecify.annotations.NullMarked;
