package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code demote-cluster} and {@code promote-cluster}: the cluster becomes the copy of another one, or one of its own. */
final class ClusterKindCommand implements Command {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** As long as a primary may take to stop, and a replica to start. */
    private static final int MOST_LOOKS = 300;

    private final boolean demotes;

    /** @param demotes or else it promotes */
    ClusterKindCommand(boolean demotes) {
        this.demotes = demotes;
    }

    @Override
    public String name() {
        return demotes ? "demote-cluster" : "promote-cluster";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        demotes
                                ? "Makes the cluster a standby cluster: its primary stops writing and follows another cluster."
                                : "Makes a standby cluster one of its own: its leader is promoted.");
        spec.addPositional(Options.cluster()).addOption(Options.flag("Asks no questions.", "--force"));
        if (demotes) {
            spec.addOption(Options.text("The host to follow, such as the address of its leader.", "HOST", "--host"))
                    .addOption(Options.text("Its port.", "PORT", "--port"))
                    .addOption(Options.text("What restores WAL from an archive.", "COMMAND", "--restore-command"))
                    .addOption(Options.text("The replication slot there.", "SLOT", "--primary-slot-name"));
        }
        return spec;
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        JsonNode section = demotes ? section(arguments) : JsonNodeFactory.instance.nullNode();
        ClusterPicture picture = session.access().picture(session.cluster(arguments.matchedPositionalValue(0, null)));
        Entry leader = picture.leader()
                .orElseThrow(() -> new CommandFailed("This cluster has no leader: %s needs one".formatted(name())));
        if (isDone(status(session, leader))) {
            throw new CommandFailed("Cluster is already in the required state: "
                    + (demotes
                            ? "it is a standby cluster; edit-config changes what it follows"
                            : "it is no standby cluster"));
        }
        session.terminal().printLine("Current cluster topology");
        session.printMembers(picture);
        if (!arguments.hasMatchedOption("--force")
                && !session.terminal()
                        .confirm("Are you sure you want to %s cluster %s?"
                                .formatted(demotes ? "demote" : "promote", picture.scope()))) {
            throw new CommandFailed("Aborting " + name());
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.set("standby_cluster", section);
        SettingsPatch.send(session, picture, patch.toString(), name());
        await(session, picture.scope());
        session.printMembers(session.access().picture(picture.scope()));
    }

    private static ObjectNode section(ParseResult arguments) throws CommandFailed {
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        for (String option : new String[] {"--host", "--port", "--restore-command", "--primary-slot-name"}) {
            String value = arguments.matchedOptionValue(option, null);
            if (value != null) {
                section.put(option.substring(2).replace('-', '_'), value);
            }
        }
        if (!section.has("host") && !section.has("port") && !section.has("restore_command")) {
            throw new CommandFailed("At least one of --host, --port or --restore-command is needed");
        }
        return section;
    }

    /** Whoever leads then: leadership may move on the way. */
    private void await(Session session, String scope) throws CommandFailed {
        String said = "";
        for (int look = 0; look < MOST_LOOKS; look++) {
            ClusterPicture picture = session.access().picture(scope);
            JsonNode status = picture.leader().isPresent()
                    ? status(session, picture.leader().get())
                    : MissingNode.getInstance();
            if (isDone(status)) {
                session.terminal()
                        .printLine("Success: cluster %s is %s".formatted(scope, demotes ? "demoted" : "promoted"));
                return;
            }
            String state = picture.leader()
                    .map(leader -> "leader %s is %s, %s"
                            .formatted(
                                    leader.name(),
                                    status.path("role").asText("unknown"),
                                    status.path("state").asText("unknown")))
                    .orElse("nobody leads");
            if (!state.equals(said)) {
                session.terminal().printLine(state);
                said = state;
            }
            session.terminal().pause(BETWEEN_LOOKS);
        }
        throw new CommandFailed("not done after %d s: %s; agentctl why tells more".formatted(MOST_LOOKS, said));
    }

    private boolean isDone(JsonNode status) {
        String role = status.path("role").asText("");
        boolean wanted = demotes ? role.equals("standby_leader") : role.equals("primary") || role.equals("master");
        return wanted && status.path("state").asText("").equals("running");
    }

    /** What its agent says of itself; nothing if it cannot be heard. */
    private static JsonNode status(Session session, Entry member) throws CommandFailed {
        try {
            return member.apiUrl().isPresent()
                            && session.access().get(member.apiUrl().get()) instanceof HttpReply.Answered answered
                    ? new ObjectMapper().readTree(answered.body())
                    : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
