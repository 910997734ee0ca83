/** Tests of the configuration: files of real life and broken ones, against goldens. */
@NullMarked
package pgha.agent.config;

import org.jspecify.annotations.NullMarked;
