/** The judges of the workload, tested without any cluster. */
@NullMarked
package pgha.lab.workload;

import org.jspecify.annotations.NullMarked;
