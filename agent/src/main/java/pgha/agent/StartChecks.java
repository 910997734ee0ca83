package pgha.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.config.AgentConfig;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.ExitCode;
import pgha.agent.ha.HaMachine;
import pgha.agent.loop.AgentLoop;
import pgha.agent.os.Threads;
import pgha.dcs.model.Moment;
import pgha.rest.RestConfig;
import pgha.rest.client.HttpReply;
import pgha.rest.client.RestClient;

/**
 * Refuses to start beside an agent that has our name, as the first view of the cluster shows it.
 *
 * <p>Confined to the loop; the question is asked on a thread of its own. Any answer at all means that the other one is
 * alive; silence may be its death, and then its record goes by itself.
 */
final class StartChecks implements AgentLoop.StepListener {
    private static final Logger log = LoggerFactory.getLogger(StartChecks.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final RestClient client;
    private final Threads threads;
    private final AgentConfig config;
    private final Consumer<Action.Exit> exit;
    private boolean done;

    StartChecks(RestClient client, Threads threads, AgentConfig config, Consumer<Action.Exit> exit) {
        this.client = client;
        this.threads = threads;
        this.config = config;
        this.exit = exit;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        if (done || !(event instanceof Event.ViewChanged)) {
            return;
        }
        done = true;
        Optional<String> other = step.state().namesake();
        other.ifPresent(url -> threads.startTask("namesake", () -> ask(url)));
    }

    private void ask(String url) {
        if (client.get(url, TIMEOUT) instanceof HttpReply.Answered) {
            exit.accept(new Action.Exit(
                    ExitCode.CONFIGURATION,
                    "cannot start: a member named \"%s\" already runs at %s; give this node another name"
                            .formatted(config.name(), url)));
        }
    }

    static void warnOfOpenWrites(RestConfig rest) {
        if (rest.writesAreOpen()) {
            log.warn(
                    "anybody who reaches {} may switch over, reconfigure and detach:"
                            + " set restapi.authentication or restapi.allowlist",
                    rest.connectAddress());
        }
    }
}
