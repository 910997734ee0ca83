package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.rest.client.HttpReply;

/**
 * What one member says of itself.
 *
 * <p>Immutable.
 *
 * @param status as {@code GET /patroni} has it; missing if the agent does not answer
 * @param silence why it does not answer; empty if it does
 * @param metrics as {@code GET /metrics} has them; empty without an answer
 */
record MemberExam(Entry member, JsonNode status, String silence, String metrics) {
    static MemberExam of(ClusterAccess access, Entry member) {
        if (member.apiUrl().isEmpty()) {
            return silent(member, "it has not said where its agent is");
        }
        return switch (access.get(member.apiUrl().get())) {
            case HttpReply.NoReply none -> silent(member, none.cause());
            case HttpReply.Answered answered -> answered(access, member, answered);
        };
    }

    private static MemberExam silent(Entry member, String cause) {
        return new MemberExam(member, MissingNode.getInstance(), cause, "");
    }

    private static MemberExam answered(ClusterAccess access, Entry member, HttpReply.Answered answered) {
        try {
            JsonNode status = new ObjectMapper().readTree(answered.body());
            String metrics = access.get(member.endpoint("/metrics").orElseThrow()) instanceof HttpReply.Answered text
                            && text.code() == 200
                    ? text.body()
                    : "";
            return new MemberExam(member, status, "", metrics);
        } catch (JsonProcessingException e) {
            return silent(member, "its answer is not JSON");
        }
    }

    boolean answers() {
        return silence.isEmpty();
    }

    String name() {
        return member.name();
    }

    /** Whether it waits to take over: its server runs and follows. */
    boolean streams() {
        return status.path("replication_state").asText("").equals("streaming")
                && status.path("state").asText("").equals("running");
    }

    /** The value of a metric without labels of its own, if the agent has it. */
    Optional<Double> metric(String name) {
        Matcher line =
                Pattern.compile("(?m)^" + name + "(?:\\{[^}]*\\})? (\\S+)$").matcher(metrics);
        return line.find() ? Optional.of(Double.parseDouble(line.group(1))) : Optional.empty();
    }
}
