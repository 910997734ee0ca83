/**
 * What monitoring reads at {@code /metrics}: all of Patroni's metrics under its names, and ours under {@code pgha_}.
 *
 * <pre>
 *   NodeStatus ──► PatroniMetrics, NodeMetrics ─┐
 *   steps of the loop ──► StepMetrics ──────────┼─► registry ──► MetricsPage ──► GET /metrics
 *   calls of the store ──► MeasuredDcs ─────────┘
 * </pre>
 *
 * <p>Everything that is a fact is a gauge over the published status, read when the page is; so it is served while
 * PostgreSQL, the store or both are down. What is counted or timed is told by the loop, as a listener of its steps, or
 * by the calls of the store; all series of ours exist from the start, so that nothing is looked up and nothing is locked
 * where it is counted.
 *
 * <p>The page is written here and not by the client library, whose writer adds {@code _total} to every counter:
 * Patroni's counters have names without it, which dashboards know. That is also the only thing that {@code promtool check
 * metrics} finds to say about the page.
 *
 * <p>A handover is told by the nodes that take part in it, each its own phases, so that the sum over a cluster counts each
 * handover once: the one that takes over tells {@code detect}, {@code canvass}, {@code acquire}, {@code promote}, {@code
 * vip} and {@code first_write}, the one that gives up tells {@code stop}. A former primary that is dead tells nothing.
 */
@NullMarked
package pgha.agent.metrics;

import org.jspecify.annotations.NullMarked;
