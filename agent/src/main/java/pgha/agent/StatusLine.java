package pgha.agent;

import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.Reason;
import pgha.agent.loop.AgentLoop;
import pgha.agent.os.Systemd;
import pgha.dcs.model.Moment;

/** Shows the present decision in {@code systemctl status}. Confined to the loop. */
final class StatusLine implements AgentLoop.StepListener {
    private final Systemd systemd;
    private @Nullable Reason shown;

    StatusLine(Systemd systemd) {
        this.systemd = systemd;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        if (step.decision().reason() != shown) {
            shown = step.decision().reason();
            systemd.status(shown + ": " + step.decision().sentence());
        }
    }
}
