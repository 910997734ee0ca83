/**
 * This node's file, in Patroni's schema: read completely, then complained about once.
 *
 * <pre>
 *   file(s) -> YamlFiles -> YamlValue, each value with its file and line
 *                             |-> KnownKeys: unknown keys, with the nearest known one; keys without effect
 *                             `-> ConfigReader -> AgentConfig, or every problem at once
 * </pre>
 *
 * <p>YAML is composed by SnakeYAML rather than bound: that keeps lines, anchors, merge keys and the scalars of YAML 1.1
 * ({@code on}, {@code off}, {@code yes}) as Patroni's users write them. A problem is an {@code error}, which refuses the
 * file, or a {@code warning}; both are {@code file:line: path: message}. Secrets are in no message and in no
 * {@code toString}.
 *
 * <p>What the cluster's settings say under {@code postgresql} is read by the same readers, as if it stood in a file:
 * {@code ClusterSection}. The file goes before it, key by key: {@code ServerSettings.over}.
 *
 * <p>All keys, with default, what a change needs and whether they have an effect, are in the resource {@code keys.txt}.
 * Patroni's variables of the environment are laid over the file: {@code EnvironmentVariables}.
 */
@NullMarked
package pgha.agent.config;

import org.jspecify.annotations.NullMarked;
