package pgha.agent.loop;

import java.util.EnumSet;
import java.util.Set;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;

/**
 * Remembers what the store, or the way to it, last said instead of yes.
 *
 * <p>Confined to the loop. The core decides alike whatever the cause of a silence is; people want to know it.
 */
final class StoreTrouble {
    private static final Set<ActionKey> REQUESTS = EnumSet.of(
            ActionKey.ACQUIRE,
            ActionKey.RELEASE,
            ActionKey.PUBLISH_MEMBER,
            ActionKey.PUBLISH_STATUS,
            ActionKey.PUBLISH_HISTORY,
            ActionKey.PUBLISH_SETTINGS,
            ActionKey.CLAIM_INITIALIZE,
            ActionKey.COMPLETE_INITIALIZE,
            ActionKey.WITHDRAW_INITIALIZE,
            ActionKey.CLEAR_SWITCHOVER);

    private String cause = "";
    private boolean linkLost;

    void heard(Event event) {
        switch (event) {
            case Event.LinkLost e -> {
                linkLost = true;
                cause = e.cause();
            }
            case Event.ViewChanged e -> {
                cause = linkLost ? "" : cause;
                linkLost = false;
            }
            case Event.LeaseAcquired e -> cause = "";
            case Event.LeaseRenewed e -> cause = "";
            case Event.LeaseRefused e -> cause = e.why();
            case Event.Completed e -> cause = e.revision().isPresent() ? "" : cause;
            case Event.Refused e -> cause = REQUESTS.contains(e.key()) ? e.why() : cause;
            case Event.Unanswered e -> cause = REQUESTS.contains(e.key()) ? e.why() : cause;
            default -> {
                // Not from the store.
            }
        }
    }

    /** In the store's words; empty if all is well. */
    String cause() {
        return cause;
    }
}
