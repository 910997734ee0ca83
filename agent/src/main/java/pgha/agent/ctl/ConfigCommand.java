package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pgha.agent.config.Explanation;
import pgha.agent.config.Explanation.Line;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code config explain}: each setting, its value, where that comes from, and whether it is in effect. */
final class ConfigCommand implements Command {
    private static final String PARAMETERS = "postgresql.parameters.";

    @Override
    public String name() {
        return "config";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "Explains settings: value, where it comes from, what a change needs, whether it is applied.")
                .footer(
                        "",
                        "Needs: reload, restart (of the agent), cluster (live, by edit-config), begin (of a cluster).",
                        "A setting of this node's file goes before that of the cluster.",
                        "The file is read as it is now; an agent that runs may have read an older one: reload.",
                        "Parameters of PostgreSQL count as applied unless the agent says they wait.");
        return spec.addPositional(PositionalParamSpec.builder()
                        .paramLabel("explain [KEY]")
                        .hideParamSyntax(true)
                        .arity("1..2")
                        .required(true)
                        .type(String[].class)
                        .description("Only this setting, or those below it: postgresql.parameters")
                        .build())
                .addOption(Options.format("PRETTY", "-f", "--format"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        List<String> words = List.of(arguments.matchedPositionalValue(0, new String[0]));
        if (!words.getFirst().equals("explain") || words.size() > 2) {
            throw new CommandFailed("cannot tell what is meant by config %s; try config explain [KEY]"
                    .formatted(String.join(" ", words)));
        }
        String key = words.size() == 2 ? words.getLast() : "";
        List<Line> lines = explain(session).stream()
                .filter(line ->
                        key.isEmpty() || line.key().equals(key) || line.key().startsWith(key + "."))
                .sorted(Comparator.comparing(Line::key))
                .toList();
        if (lines.isEmpty()) {
            throw new CommandFailed(
                    "nobody sets \"%s\", and it has no default; config explain lists all".formatted(key));
        }
        TableText format = arguments.matchedOptionValue("-f", TableText.PRETTY);
        session.terminal().print(format.print(table(lines)));
    }

    private static List<Line> explain(Session session) throws CommandFailed {
        Optional<Path> file = session.access().nodeFile();
        List<Line> local = file.map(Explanation::ofFile).orElse(List.of());
        Map<String, String> givenHere = new HashMap<>();
        local.stream()
                .filter(line -> !isDefault(line) && line.objection().isEmpty())
                .forEach(line -> givenHere.putIfAbsent(Explanation.ruledAs(line.key()), line.origin()));
        Map<String, String> pending = pending(session);
        List<Line> lines = new ArrayList<>();
        local.forEach(line -> lines.add(waiting(line, pending)));
        for (Line line : Explanation.ofCluster(
                SettingsEdit.stored(session, session.cluster(null)).document())) {
            String rule = Explanation.ruledAs(line.key());
            if (!givenHere.containsKey(rule)) {
                boolean isDefaultHere =
                        local.stream().anyMatch(here -> here.key().equals(line.key()) && isDefault(here));
                if (!isDefault(line) || !isDefaultHere) {
                    lines.removeIf(here -> here.key().equals(line.key()) && isDefault(here));
                    lines.add(waiting(line, pending));
                }
            } else if (!isDefault(line)) {
                lines.add(line.objectedTo("overruled by " + givenHere.get(rule)));
            }
        }
        return lines;
    }

    private static boolean isDefault(Line line) {
        return line.origin().equals("default");
    }

    private static Line waiting(Line line, Map<String, String> pending) {
        String change = pending.get(line.key());
        return change == null || !line.objection().isEmpty() ? line : line.objectedTo("waits for a restart: " + change);
    }

    /** Server parameters that wait, as this host's agent has them. */
    private static Map<String, String> pending(Session session) throws CommandFailed {
        Map<String, String> pending = new HashMap<>();
        Optional<String> agent = session.access().localAgent();
        if (agent.isPresent() && session.access().get(agent.get()) instanceof HttpReply.Answered answered) {
            parse(answered.body())
                    .path("pending_restart_reason")
                    .properties()
                    .forEach(reason -> pending.put(
                            PARAMETERS + reason.getKey(),
                            reason.getValue().path("old_value").asText() + " -> "
                                    + reason.getValue().path("new_value").asText()));
        }
        return pending;
    }

    private static JsonNode parse(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static Table table(List<Line> lines) {
        List<List<JsonNode>> rows = new ArrayList<>();
        for (Line line : lines) {
            String applied = line.objection().isEmpty() ? "yes" : "no: " + line.objection();
            List<JsonNode> row = new ArrayList<>();
            for (String text : List.of(line.key(), line.value(), line.origin(), line.change(), applied)) {
                row.add(JsonNodeFactory.instance.textNode(text));
            }
            rows.add(row);
        }
        return Table.plain(List.of("Setting", "Value", "From", "Needs", "Applied"), Set.of(), rows);
    }
}
