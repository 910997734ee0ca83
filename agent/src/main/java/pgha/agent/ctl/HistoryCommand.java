package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code history}: where each timeline ended, and who led on from there. */
final class HistoryCommand implements Command {
    @Override
    public String name() {
        return "history";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Shows when the leader changed, and where in the WAL.");
        return spec.addPositional(Options.cluster()).addOption(Options.format("PRETTY", "-f", "--format"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String cluster = session.cluster(arguments.matchedPositionalValue(0, null));
        TableText format = arguments.matchedOptionValue("-f", TableText.PRETTY);
        session.terminal().print(format.print(table(session.access().history(cluster))));
    }

    private static Table table(String json) throws CommandFailed {
        try {
            List<List<JsonNode>> lines = new ArrayList<>();
            for (JsonNode timeline : new ObjectMapper().readTree(json)) {
                List<JsonNode> line = new ArrayList<>();
                timeline.forEach(line::add);
                lines.add(line);
            }
            return Table.plain(List.of("TL", "LSN", "Reason", "Timestamp", "New Leader"), Set.of("TL", "LSN"), lines);
        } catch (JsonProcessingException e) {
            throw new CommandFailed("cannot read the history: it is not JSON");
        }
    }
}
