package pgha.agent.ctl;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code detach}: an agent ends and leaves PostgreSQL running, so that a newer one can take it over. Needs no store. */
final class DetachCommand implements Command {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    /** A leader waits for a renewal, a task under way for its end. */
    private static final int LOOKS = 300;

    @Override
    public String name() {
        return "detach";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("Ends an agent and leaves PostgreSQL running under the lease guard: the way to upgrade.");
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("MEMBER")
                .arity("0..1")
                .type(String.class)
                .description("By default this host's member.")
                .build());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        Optional<String> member = Optional.ofNullable(arguments.matchedPositionalValue(0, null));
        Optional<String> agent = member.isPresent()
                ? urlOf(session, member.get())
                : session.access().localAgent();
        String base = agent.orElseThrow(() -> new CommandFailed(
                        "cannot tell which agent is to end: this file is not a node's; name a MEMBER"))
                .replaceFirst("/patroni/?$", "");
        switch (session.access().post(base + "/detach", "{}")) {
            case HttpReply.NoReply none ->
                throw new CommandFailed(
                        "cannot order %s: %s; is the agent running there?".formatted(base, none.cause()));
            case HttpReply.Answered answered -> {
                if (answered.code() != 202) {
                    throw new CommandFailed("cannot detach: HTTP %d, %s".formatted(answered.code(), answered.body()));
                }
                session.terminal().printLine(answered.body());
            }
        }
        awaitEnd(session, base);
    }

    private static Optional<String> urlOf(Session session, String member) throws CommandFailed {
        Optional<Entry> known = session.access().localPicture().flatMap(picture -> picture.member(member));
        if (known.isEmpty()) {
            known = session.access().picture(session.cluster(null)).member(member);
        }
        return Optional.of(known.flatMap(entry -> entry.endpoint(""))
                .orElseThrow(() -> new CommandFailed(
                        "cannot order %s: no such member, or it has not said where its agent is; see list"
                                .formatted(member))));
    }

    private static void awaitEnd(Session session, String base) throws CommandFailed {
        for (int look = 0; look < LOOKS; look++) {
            if (session.access().get(base + "/liveness") instanceof HttpReply.NoReply none && !none.sent()) {
                session.terminal().printLine("The agent has ended.");
                return;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        throw new CommandFailed("the agent has not ended yet: it finishes what it has begun before; see why");
    }
}
