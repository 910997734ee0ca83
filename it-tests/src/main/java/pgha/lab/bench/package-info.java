/**
 * What a cluster costs the store: requests by kind and bytes, counted by etcd and by the kernels of its hosts.
 *
 * <pre>
 *   EtcdCost (program) ─► Run: a lab, a Contender on three hosts ─ idle ─ primary's host powered off
 *                              Meter ─► Reading, before and after ─► Cost ─► CostTable
 * </pre>
 *
 * <p>Contenders are this agent and the machine's own Patroni; they get the same hosts, the same kind of etcd and the same
 * configuration file, one after the other. etcd counts messages that it receives on its gRPC interface. Patroni speaks
 * to the JSON gateway, which turns each of its requests into one of gRPC inside etcd: they are counted alike, but the
 * bytes of gRPC that etcd counts are not those on the wire, so these are counted as well, headers of TCP and IP included.
 *
 * <p>Beside it, two programs of the same kind measure the agent itself: {@link pgha.lab.bench.TlsCrowd} what thousands of
 * idle connections cost it, and {@link pgha.lab.bench.CtlSpeed} how long people wait for agentctl.
 */
@NullMarked
package pgha.lab.bench;

import org.jspecify.annotations.NullMarked;
