package pgha.agent.ctl;

import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;

/** A change of the cluster's settings by way of an agent: any will do, the leader's is asked first. */
final class SettingsPatch {
    private SettingsPatch() {}

    /**
     * Sends it until one takes it.
     *
     * @param purpose as a refusal names it, such as {@code pause}
     */
    static void send(Session session, ClusterPicture picture, String patch, String purpose) throws CommandFailed {
        for (Entry member : picture.leaderFirst()) {
            if (member.apiUrl().isEmpty()) {
                continue;
            }
            switch (session.access().patch(member.endpoint("/config").orElseThrow(), patch)) {
                case HttpReply.NoReply none ->
                    session.terminal()
                            .complain("Member %s is not accessible: %s".formatted(member.name(), none.cause()));
                case HttpReply.Answered answered -> {
                    if (answered.code() == 200) {
                        return;
                    }
                    throw new CommandFailed("Failed: %s cluster management status code=%d, (%s)"
                            .formatted(purpose, answered.code(), answered.body()));
                }
            }
        }
        throw new CommandFailed("Can not find accessible cluster member");
    }
}
