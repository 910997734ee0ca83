package pgha.agent.ha;

import java.util.Locale;

/** What a callback of the operator's is called for; {@code on_start} and so on in the file. */
public enum Callback {
    START,
    STOP,
    RESTART,
    ROLE_CHANGE,
    RELOAD;

    /** As in the file, and as the callback's first argument. */
    public String word() {
        return "on_" + name().toLowerCase(Locale.ROOT);
    }
}
