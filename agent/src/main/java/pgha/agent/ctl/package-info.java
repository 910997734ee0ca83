/**
 * agentctl: looks at a cluster and orders it about, with the words and tables of Patroni's {@code patronictl}.
 *
 * <pre>
 *   AgentCtl -> one command -> ClusterAccess -> the store, by one linearizable read
 *                                            -> agents, over HTTP; also where the store does not answer
 * </pre>
 *
 * <p>Every command looks at one {@link pgha.agent.ctl.ClusterPicture}, whether it comes from the store or from an agent's
 * memory. Expected trouble is a {@link pgha.agent.ctl.CommandFailed} with one sentence: {@code Error: ...}, exit code 1.
 * Wrong usage is 2. What {@code patronictl} gets wrong is not copied: a switchover that failed is an exit code of 1.
 *
 * <p>What is printed is a {@link pgha.agent.ctl.Table} first, and one of the formats of {@link pgha.agent.ctl.TableText}
 * last. Settings are changed on a {@link pgha.agent.ctl.SettingsEdit} and written only if nobody was faster. {@code doctor}
 * collects what it looks at, and then judges it in {@link pgha.agent.ctl.ClusterChecks} and
 * {@link pgha.agent.ctl.HostChecks}, which ask nobody.
 *
 * <p>Options are declared by code rather than by annotations, and nothing is connected before it is needed: a command
 * starts in a fraction of a second.
 */
@NullMarked
package pgha.agent.ctl;

import org.jspecify.annotations.NullMarked;
