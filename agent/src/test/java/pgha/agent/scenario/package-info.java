/**
 * Behaviour as text.
 *
 * <p>{@link pgha.agent.scenario.DataDriven} reads files of commands with their expected output, and can rewrite them.
 * {@link pgha.agent.scenario.ScenarioTest} plays one story a file in a simulated cluster without random faults.
 */
@NullMarked
package pgha.agent.scenario;

import org.jspecify.annotations.NullMarked;
