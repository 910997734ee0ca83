/**
 * What only the real thing can show: kernel, etcd, PostgreSQL and the packaged agent, on the hosts of a lab.
 *
 * <p>Each class has one lab, named after it, and removes it; a lab left by a crash is removed by the next run.
 */
@NullMarked
package pgha.it;

import org.jspecify.annotations.NullMarked;
