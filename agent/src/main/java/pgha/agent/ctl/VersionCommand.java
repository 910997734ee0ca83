package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code version}: of this program, and of the agents and servers of a cluster. */
final class VersionCommand implements Command {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Shows the version of this program, and of a cluster's members.");
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("CLUSTER [MEMBER...]")
                .arity("0..*")
                .type(String[].class)
                .description("Asks the members of CLUSTER, or those that are named.")
                .build());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        Terminal terminal = session.terminal();
        terminal.printLine(terminal.programName() + " version " + ProgramVersion.TEXT);
        String[] named = arguments.matchedPositionalValue(0, new String[0]);
        if (named.length == 0) {
            return;
        }
        List<String> wanted = List.of(named).subList(1, named.length);
        for (Entry member : session.access().picture(named[0]).members()) {
            if (wanted.isEmpty() || wanted.contains(member.name())) {
                terminal.printLine(member.name() + ": " + versionOf(session, member));
            }
        }
    }

    private static String versionOf(Session session, Entry member) throws CommandFailed {
        if (member.apiUrl().isEmpty()) {
            return "no agent known";
        }
        return switch (session.access().get(member.apiUrl().get())) {
            case HttpReply.NoReply none -> "failed to get version: " + none.cause();
            case HttpReply.Answered answered -> read(answered.body());
        };
    }

    private static String read(String body) {
        try {
            JsonNode status = new ObjectMapper().readTree(body);
            int server = status.path("server_version").asInt(0);
            return agent(status) + (server > 0 ? " PostgreSQL " + postgres(server) : "");
        } catch (JsonProcessingException e) {
            return "failed to get version: the answer is not JSON";
        }
    }

    /** What keeps a member: one of ours says so beside the version of Patroni whose interface it has. */
    static String agent(JsonNode status) {
        JsonNode ours = status.path("pgha").path("version");
        return ours.isMissingNode()
                ? "Patroni " + status.path("patroni").path("version").asText("unknown")
                : "pgha-agent " + ours.asText();
    }

    /** {@code 160004} is 16.4, {@code 90624} was 9.6.24. */
    static String postgres(int number) {
        return number >= 100_000
                ? number / 10_000 + "." + number % 10_000
                : number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
    }
}
