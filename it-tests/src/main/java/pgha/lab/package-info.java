/**
 * Hosts made of kernel namespaces, so that a cluster of machines with real faults fits on one machine.
 *
 * <pre>
 *   root namespace: only the JVM that drives the lab; nothing of the lab listens or has an address here
 *
 *        ┌ lan ──────────────────────────────────────────────┐   network namespace with the bridge;
 *        │  br0   (nft table bridge lab: set cuts)           │   a pulled cable and a cut pair happen here
 *        │  │v-pg-1   │v-pg-2   │v-etcd-1   │v-client        │
 *        └──┼─────────┼─────────┼───────────┼────────────────┘
 *         eth0      eth0      eth0        eth0
 *        [pg-1]    [pg-2]    [etcd-1]    [client]              network + PID + mount + UTS + IPC namespaces,
 *                                                             tini as init, one cgroup each
 * </pre>
 *
 * <p>A host is its cgroup: whoever is listed there belongs to it, so a later process, or a run after a crash, finds
 * and ends everything without remembering anything. A host has /run, /tmp, /dev/shm and /opt of its own in memory,
 * which go with a power loss, and /srv on disk, which stays ({@code /srv/postgresql} is also
 * {@code /var/lib/postgresql}); the distribution under test is {@code /opt/pgha-agent}.
 *
 * <p>All mounts, interfaces and packet filters live in the namespaces and vanish with them. What is left on the machine is
 * one directory of state, one of disks and the cgroups, and {@link pgha.lab.Lab#destroy} removes these, as often as
 * it is called.
 */
@NullMarked
package pgha.lab;

import org.jspecify.annotations.NullMarked;
