package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code reinit}: replicas throw their data away and clone the leader anew. */
final class ReinitCommand implements Command {
    @Override
    public String name() {
        return "reinit";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Has replicas throw their data away and begin as a copy of the leader.");
        return spec.addPositional(Options.clusterAndMembers())
                .addOption(Options.flag("Asks no questions, and cancels what the member is doing.", "--force"))
                .addOption(Options.flag("Copies the leader, even where there is a replica for that.", "--from-leader"))
                .addOption(Options.flag("Waits until the copies are made.", "--wait"));
    }

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String[] names = arguments.matchedPositionalValue(0, new String[0]);
        ClusterPicture picture = session.access().picture(names[0]);
        List<String> named = List.of(names).subList(1, names.length);
        boolean force = arguments.hasMatchedOption("--force");
        MemberChoice choice = new MemberChoice(session, "reinitialize", named, MemberRole.REPLICA, force);
        List<Entry> members = choice.namedOnly(picture);
        choice.confirm(members, "Are you sure you want to reinitialize members %s?");
        MemberOrder order = new MemberOrder(session, "reinitialize");
        List<Entry> started = new ArrayList<>();
        for (Entry member : members) {
            if (start(session, order, member, force, arguments.hasMatchedOption("--from-leader"))) {
                started.add(member);
            }
        }
        if (arguments.hasMatchedOption("--wait")) {
            await(session, started);
        }
        order.finish();
    }

    private static boolean start(Session session, MemberOrder order, Entry member, boolean force, boolean fromLeader)
            throws CommandFailed {
        HttpReply.Answered answer = order.post(member, "/reinitialize", body(force, fromLeader));
        if (answer.code() >= 400
                && answer.body().endsWith(" already in progress")
                && !force
                && session.terminal().confirm("Do you want to cancel it and reinitialize anyway?")) {
            answer = order.post(member, "/reinitialize", body(true, fromLeader));
        }
        if (answer.code() >= 400) {
            order.fail(member, answer);
            return false;
        }
        order.succeed("Success: reinitialize for member " + member.name());
        return true;
    }

    private static String body(boolean force, boolean fromLeader) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("force", force);
        if (fromLeader) {
            body.put("from_leader", true);
        }
        return body.toString();
    }

    private static void await(Session session, List<Entry> started) throws CommandFailed {
        List<Entry> waiting = new ArrayList<>(started);
        int shown = 0;
        while (!waiting.isEmpty()) {
            if (shown != waiting.size()) {
                shown = waiting.size();
                session.terminal()
                        .printLine("Waiting for reinitialize to complete on: "
                                + waiting.stream().map(Entry::name).collect(Collectors.joining(", ")));
            }
            session.terminal().pause(BETWEEN_LOOKS);
            for (Entry member : List.copyOf(waiting)) {
                Optional<String> state = state(session, member);
                if (state.isPresent() && !state.get().equals("creating replica")) {
                    session.terminal().printLine("Reinitialize is completed on: " + member.name());
                    waiting.remove(member);
                }
            }
        }
    }

    private static Optional<String> state(Session session, Entry member) throws CommandFailed {
        try {
            return session.access().get(member.apiUrl().orElseThrow()) instanceof HttpReply.Answered answered
                    ? Optional.of(new ObjectMapper()
                                    .readTree(answered.body())
                                    .path("state")
                                    .asText(""))
                            .filter(state -> !state.isEmpty())
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
