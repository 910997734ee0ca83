package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code why}: what an agent has decided, on which facts, and what it decided before. Needs no store. */
final class WhyCommand implements Command {
    @Override
    public String name() {
        return "why";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Shows what an agent has decided, and why.");
        return spec.addPositional(PositionalParamSpec.builder()
                        .paramLabel("MEMBER")
                        .arity("0..1")
                        .type(String.class)
                        .description("By default this host's member, or else the leader.")
                        .build())
                .addOption(OptionSpec.builder("-f", "--format")
                        .paramLabel("FORMAT")
                        .type(String.class)
                        .defaultValue("pretty")
                        .description("One of pretty, json.")
                        .build());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        Optional<String> member = Optional.ofNullable(arguments.matchedPositionalValue(0, null));
        String url = urlOf(session, member);
        switch (session.access().get(url)) {
            case HttpReply.NoReply none ->
                throw new CommandFailed("cannot ask %s: %s; is the agent running there?".formatted(url, none.cause()));
            case HttpReply.Answered answered -> {
                JsonNode why = parse(url, answered);
                boolean asJson = "json".equals(arguments.matchedOptionValue("-f", "pretty"));
                session.terminal().print(asJson ? answered.body() + "\n" : print(why));
            }
        }
    }

    private static String urlOf(Session session, Optional<String> member) throws CommandFailed {
        if (member.isEmpty() && session.access().localAgent().isPresent()) {
            return session.access().localAgent().get().replaceFirst("/patroni/?$", "") + "/why";
        }
        // The local agent first: it answers from memory at once, however the store is.
        Optional<Entry> known = session.access().localPicture().flatMap(picture -> find(picture, member));
        if (known.isEmpty()) {
            known = find(session.access().picture(session.cluster(null)), member);
        }
        return known.flatMap(entry -> entry.endpoint("/why"))
                .orElseThrow(() -> new CommandFailed(member.map(
                                name -> "cannot ask %s: no such member, or it has not said where its agent is; see list"
                                        .formatted(name))
                        .orElse("cannot ask the leader: there is none; name a member")));
    }

    private static Optional<Entry> find(ClusterPicture picture, Optional<String> member) {
        return member.isPresent() ? picture.member(member.get()) : picture.leader();
    }

    private static JsonNode parse(String url, HttpReply.Answered answered) throws CommandFailed {
        try {
            JsonNode why = new ObjectMapper().readTree(answered.body());
            if (answered.code() == 200 && why.has("decision")) {
                return why;
            }
        } catch (JsonProcessingException e) {
            // Said below: whatever answers there, it does not know the question.
        }
        throw new CommandFailed(
                "%s cannot say why (HTTP %d); an agent of another kind answers there".formatted(url, answered.code()));
    }

    /** The decision first, then the facts it used, then what was decided before. */
    static String print(JsonNode why) {
        List<String> lines = new ArrayList<>();
        lines.add(why.path("name").asText() + " " + why.path("headline").asText());
        lines.add(line(
                "decision",
                "%-14s %s"
                        .formatted(
                                why.path("decision").asText(),
                                why.path("sentence").asText())));
        why.path("facts")
                .forEach(fact -> lines.add(
                        line(fact.path("label").asText(), fact.path("value").asText())));
        if (why.path("pause").asBoolean(false)) {
            lines.add(line("paused", "fencing is off"));
        }
        if (!why.path("link_up").asBoolean(true)) {
            lines.add(line(
                    "store",
                    "does not answer; last seen %.1fs ago"
                            .formatted(why.path("view_age_ms").asLong() / 1000.0)));
        }
        List<String> before = new ArrayList<>();
        why.path("before").forEach(decision -> before.add(decision.asText()));
        if (!before.isEmpty()) {
            lines.add(line("before", String.join("  ", before)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(String label, String value) {
        return "  %-10s %s".formatted(label, value).stripTrailing();
    }
}
