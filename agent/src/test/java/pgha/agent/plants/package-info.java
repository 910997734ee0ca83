/**
 * Bugs on purpose: is the simulation able to find them?
 *
 * <p>Each file of {@code plants/} changes one production class; {@link pgha.agent.plants.PlantsTest} compiles it so, and
 * lets the simulation, which is not changed, play seeds with it until one fails; or the one story that tells how just that
 * coincidence ends. A plant that survives is a hole in the
 * simulation.
 */
@NullMarked
package pgha.agent.plants;

import org.jspecify.annotations.NullMarked;
