/** Tests of agentctl: whole dialogs against transcripts. */
@NullMarked
package pgha.agent.ctl;

import org.jspecify.annotations.NullMarked;
