package pgha.agent.ctl;

import java.time.Duration;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;

/** Gives an order to one agent after the other, and counts those that did not take it. Confined to the command's thread. */
final class MemberOrder {
    private final Session session;
    private final String action;
    private int failed;

    /** @param action for messages: {@code restart} */
    MemberOrder(Session session, String action) {
        this.session = session;
        this.action = action;
    }

    /** What the agent answered to {@code POST path}; a silent one counts as 503. */
    HttpReply.Answered post(Entry member, String path, String body) throws CommandFailed {
        return sent(member, path, url -> session.access().post(url, body));
    }

    /** The same, where the answer may take longer than most. */
    HttpReply.Answered post(Entry member, String path, String body, Duration patience) throws CommandFailed {
        return sent(member, path, url -> session.access().post(url, body, patience));
    }

    HttpReply.Answered delete(Entry member, String path) throws CommandFailed {
        return sent(member, path, url -> session.access().delete(url));
    }

    private interface Sending {
        HttpReply send(String url) throws CommandFailed;
    }

    private static HttpReply.Answered sent(Entry member, String path, Sending sending) throws CommandFailed {
        if (member.apiUrl().isEmpty()) {
            return new HttpReply.Answered(503, "it has not said where its agent is");
        }
        return switch (sending.send(member.endpoint(path).orElseThrow())) {
            case HttpReply.Answered answered -> answered;
            case HttpReply.NoReply none ->
                new HttpReply.Answered(
                        503,
                        none.sent() ? "result unknown: " + none.cause() : "cannot reach the agent: " + none.cause());
        };
    }

    void succeed(String sentence) {
        session.terminal().printLine(sentence);
    }

    void fail(Entry member, HttpReply.Answered answer) {
        fail("Failed: %s for member %s, status code=%d, (%s)"
                .formatted(action, member.name(), answer.code(), answer.body()));
    }

    void fail(String sentence) {
        failed++;
        session.terminal().printLine(sentence);
    }

    /** @throws CommandFailed if somebody did not take the order, so that scripts notice */
    void finish() throws CommandFailed {
        if (failed > 0) {
            throw new CommandFailed("%s failed on %d member%s; see list and why MEMBER"
                    .formatted(action, failed, failed == 1 ? "" : "s"));
        }
    }
}
