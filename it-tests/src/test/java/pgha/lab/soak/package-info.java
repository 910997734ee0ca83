/** What the endurance run decides without a cluster: plans, excuses, the table. */
@NullMarked
package pgha.lab.soak;

import org.jspecify.annotations.NullMarked;
