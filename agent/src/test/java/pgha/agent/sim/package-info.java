/**
 * A cluster in one thread and in virtual time: the real core on every node, and a world that can fail.
 *
 * <p>{@link pgha.agent.sim.Simulation} is a queue of things that are due; nothing happens between them, and all that is
 * random comes from one seed, so that a run is the same on every machine. The world is models: {@code SimEtcd} over
 * the twin of the store that keeps etcd's contract, {@code SimNetwork}, {@code SimPostgres}, {@code SimClock}, the
 * guard and the kernel's address. Decisions are made by {@link pgha.agent.ha.HaMachine}, lease arithmetic is {@link
 * pgha.agent.ha.LeaseTerm}, transactions and codecs are those that go to etcd.
 *
 * <pre>
 *   Faults ──► World ──► SimNode: host ─┬─ SimAgent: HaMachine, SimKeeper, fence, SimTasks, observer
 *                │                      ├─ SimPostgres     these three
 *                ├─ SimEtcd, SimNetwork ├─ SimGuard        outlive
 *                └─ Invariants          └─ SimVip          the agent
 * </pre>
 *
 * <p>{@code SimEtcd} has three members ({@code EtcdMembers}), {@code SimDisk} can be full or stand still, hosts freeze,
 * with their clocks or without. Most faults of a seed are about one {@code Theme}. {@code Promises} demands of each part
 * what the invariants rest on; {@code Excuses} names what fencing does not cover and measures it; {@code Cells} knows
 * which situations and reasons have occurred, and {@code cells-never-reached.txt} why the others do not.
 *
 * <p>Invariants are looked at after every event. A failure prints its seed; {@code -Dsim.seed=SEED -Dsim.trace=full}
 * plays it again.
 */
@NullMarked
package pgha.agent.sim;

import org.jspecify.annotations.NullMarked;
