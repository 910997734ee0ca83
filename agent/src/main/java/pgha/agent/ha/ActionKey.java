package pgha.agent.ha;

/**
 * The kinds of actions that take a while. While one of a kind is in flight, no other of that kind is emitted (law C4).
 */
public enum ActionKey {
    ACQUIRE,
    RELEASE,
    ARM_WRITER,
    RETIRE_WRITER,
    CANVASS,
    BIND_VIP,
    UNBIND_VIP,
    PUBLISH_MEMBER,
    PUBLISH_STATUS,
    PUBLISH_HISTORY,
    PUBLISH_SETTINGS,
    CLAIM_INITIALIZE,
    COMPLETE_INITIALIZE,
    WITHDRAW_INITIALIZE,
    CLEAR_SWITCHOVER,
    SYNC_SLOTS,
    ADVANCE_SLOTS,
    CHECKPOINT,
    PUBLISH_FAILSAFE,
    WRITE_SYNC,
    SET_SYNC_NAMES,
    ACCEPT_COPY;

    /** Whether a failure is tried again at once, nearly: clients wait for it. */
    boolean isUrgent() {
        return switch (this) {
            case ACQUIRE, RELEASE, ARM_WRITER, RETIRE_WRITER, CANVASS, BIND_VIP, UNBIND_VIP, WRITE_SYNC -> true;
            case PUBLISH_MEMBER,
                    PUBLISH_STATUS,
                    PUBLISH_HISTORY,
                    PUBLISH_SETTINGS,
                    CLAIM_INITIALIZE,
                    COMPLETE_INITIALIZE,
                    WITHDRAW_INITIALIZE,
                    CLEAR_SWITCHOVER,
                    SYNC_SLOTS,
                    ADVANCE_SLOTS,
                    CHECKPOINT,
                    PUBLISH_FAILSAFE,
                    SET_SYNC_NAMES,
                    ACCEPT_COPY -> false;
        };
    }
}
