package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code pause} and {@code resume}: maintenance, in which agents look on and do not act. */
final class PauseCommand implements Command {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int DEFAULT_LOOP_WAIT = 10;

    private final boolean pauses;

    /** @param pauses or else it resumes */
    PauseCommand(boolean pauses) {
        this.pauses = pauses;
    }

    @Override
    public String name() {
        return pauses ? "pause" : "resume";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        pauses
                                ? "Begins maintenance: nobody fails over, and fencing is off, until resume."
                                : "Ends maintenance: fencing is on again, and failover is automatic.");
        return spec.addPositional(Options.cluster())
                .addOption(Options.flag("Waits until every member has noticed.", "--wait"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        ClusterPicture picture = session.access().picture(session.cluster(arguments.matchedPositionalValue(0, null)));
        if (picture.isPaused() == pauses) {
            throw new CommandFailed("Cluster is %s paused".formatted(pauses ? "already" : "not"));
        }
        String patch = pauses ? "{\"pause\":true}" : "{\"pause\":null}";
        SettingsPatch.send(session, picture, patch, name());
        String done = "Success: cluster management is " + (pauses ? "paused" : "resumed");
        if (arguments.hasMatchedOption("--wait")) {
            session.terminal()
                    .printLine("'%s' request sent, waiting until it is recognized by all nodes".formatted(name()));
            await(session, picture);
        }
        session.terminal().printLine(done);
    }

    private void await(Session session, ClusterPicture picture) throws CommandFailed {
        int loopWait = loopWait(session, picture);
        List<Entry> behind = picture.members();
        for (int look = 0; look <= loopWait + 1; look++) {
            behind = behind.stream().filter(member -> isBehind(session, member)).toList();
            if (behind.isEmpty()) {
                return;
            }
            session.terminal().pause(BETWEEN_LOOKS);
        }
        String names = behind.stream().map(Entry::name).collect(Collectors.joining(", "));
        throw new CommandFailed("%s members didn't recognized pause state after %d seconds".formatted(names, loopWait));
    }

    private static int loopWait(Session session, ClusterPicture picture) throws CommandFailed {
        return SettingsEdit.stored(session, picture.scope())
                .document()
                .path("loop_wait")
                .asInt(DEFAULT_LOOP_WAIT);
    }

    private boolean isBehind(Session session, Entry member) {
        try {
            return member.apiUrl().isPresent()
                    && session.access().get(member.apiUrl().get()) instanceof HttpReply.Answered answered
                    && pauseIn(answered.body()) != pauses;
        } catch (CommandFailed e) {
            return false;
        }
    }

    private static boolean pauseIn(String body) {
        try {
            JsonNode status = new ObjectMapper().readTree(body);
            return status.path("pause").asBoolean(false);
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
