/** An L2 address with a deadline. This package does not know what a leader is. */
@NullMarked
package pgha.vip;

import org.jspecify.annotations.NullMarked;
