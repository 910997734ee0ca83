package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.ScheduledRestart;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;

/** The value of {@code members/NAME} as text and as {@link Member}. Pure and thread-safe. */
public final class MemberCodec {
    private static final String API_URL = "application_name=";

    private MemberCodec() {}

    public static String json(Member member) {
        ObjectNode object = Json.object();
        member.connUrl().ifPresent(url -> object.put("conn_url", url));
        member.apiUrl().ifPresent(url -> object.put("api_url", url));
        object.put("state", member.state().words());
        object.put("role", member.role().word());
        object.put("version", member.version());
        member.proxyUrl().ifPresent(url -> object.put("proxy_url", url));
        if (!member.checkpointedSincePromotion()) {
            object.put("checkpoint_after_promote", false);
        }
        if (!member.tags().values().isEmpty()) {
            object.set("tags", tags(member.tags()));
        }
        member.pendingRestart().ifPresent(pending -> put(object, pending));
        member.position().ifPresent(lsn -> object.put("xlog_location", lsn.bytes()));
        member.replayedLsn().ifPresent(lsn -> object.put("replay_lsn", lsn.bytes()));
        member.receivedLsn().ifPresent(lsn -> object.put("receive_lsn", lsn.bytes()));
        member.replicationState().ifPresent(words -> object.put("replication_state", words));
        member.timeline().ifPresent(timeline -> object.put("timeline", timeline.id()));
        member.scheduledRestart().ifPresent(restart -> object.set("scheduled_restart", scheduled(restart)));
        if (member.paused()) {
            object.put("pause", true);
        }
        return Json.write(object);
    }

    private static void put(ObjectNode object, PendingRestart pending) {
        object.put("pending_restart", true);
        if (!pending.changes().isEmpty()) {
            ObjectNode reasons = object.putObject("pending_restart_reason");
            pending.changes().forEach((name, change) -> reasons.putObject(name)
                    .put("old_value", change.oldValue())
                    .put("new_value", change.newValue()));
        }
    }

    private static ObjectNode scheduled(ScheduledRestart restart) {
        ObjectNode object = Json.object();
        restart.role().ifPresent(role -> object.put("role", role.word()));
        restart.postgresVersion().ifPresent(version -> object.put("postgres_version", version));
        if (restart.ifPending()) {
            object.put("restart_pending", true);
        }
        restart.timeoutSeconds().ifPresent(seconds -> object.put("timeout", seconds));
        object.put("schedule", restart.schedule());
        restart.postmasterStartTime().ifPresent(since -> object.put("postmaster_start_time", since));
        return object;
    }

    private static Optional<ScheduledRestart> scheduledRestart(ObjectNode member) {
        if (!(member.path("scheduled_restart") instanceof ObjectNode object)) {
            return Optional.empty();
        }
        return Json.text(object, "schedule")
                .map(schedule -> new ScheduledRestart(
                        schedule,
                        Json.text(object, "postmaster_start_time"),
                        Json.text(object, "role").map(Role::of),
                        Json.text(object, "postgres_version"),
                        object.has("restart_pending"),
                        Json.number(object, "timeout")));
    }

    private static Optional<PendingRestart> pendingRestart(ObjectNode object) {
        SortedMap<String, PendingRestart.Change> changes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> reason :
                object.path("pending_restart_reason").properties()) {
            changes.put(
                    reason.getKey(),
                    new PendingRestart.Change(
                            reason.getValue().path("old_value").asText(),
                            reason.getValue().path("new_value").asText()));
        }
        return flag(object, "pending_restart", false) ? Optional.of(new PendingRestart(changes)) : Optional.empty();
    }

    /** Tags as a JSON object whose booleans and numbers are booleans and numbers. */
    static ObjectNode tags(Tags tags) {
        ObjectNode object = Json.object();
        tags.values().forEach((tag, text) -> {
            if (text.equals("true") || text.equals("false")) {
                object.put(tag, text.equals("true"));
            } else if (text.matches("-?(0|[1-9]\\d{0,17})")) {
                object.put(tag, Long.parseLong(text));
            } else {
                object.put(tag, text);
            }
        });
        return object;
    }

    /**
     * Reads a member's record; the URL form of very old versions included.
     *
     * @throws IllegalArgumentException if it is neither that nor a JSON object
     */
    public static Member member(MemberName name, String text) {
        ObjectNode object = text.startsWith("postgres") ? ofUrl(text) : Json.readObject(text);
        return new Member(
                name,
                Json.text(object, "conn_url"),
                Json.text(object, "api_url"),
                Json.text(object, "proxy_url"),
                RunState.of(Json.text(object, "state").orElse("")),
                Role.of(Json.text(object, "role").orElse("")),
                Json.text(object, "version").orElse(""),
                readTags(object.path("tags")),
                lsn(object, "xlog_location"),
                lsn(object, "receive_lsn"),
                lsn(object, "replay_lsn"),
                Json.text(object, "replication_state"),
                Json.number(object, "timeline")
                        .filter(id -> id >= 1 && id <= Integer.MAX_VALUE)
                        .map(id -> new Timeline(id.intValue())),
                flag(object, "checkpoint_after_promote", true),
                pendingRestart(object),
                scheduledRestart(object),
                flag(object, "pause", false));
    }

    private static ObjectNode ofUrl(String url) {
        ObjectNode object = Json.object();
        int query = url.indexOf('?');
        object.put("conn_url", query < 0 ? url : url.substring(0, query));
        Arrays.stream((query < 0 ? "" : url.substring(query + 1)).split("&", -1))
                .filter(parameter -> parameter.startsWith(API_URL))
                .map(parameter -> URLDecoder.decode(parameter.substring(API_URL.length()), StandardCharsets.UTF_8))
                .findFirst()
                .ifPresent(api -> object.put("api_url", api));
        return object;
    }

    private static Tags readTags(JsonNode object) {
        SortedMap<String, String> tags = new TreeMap<>();
        for (Map.Entry<String, JsonNode> tag : object.properties()) {
            if (tag.getValue().isValueNode() && !tag.getValue().isNull()) {
                tags.put(tag.getKey(), tag.getValue().asText());
            }
        }
        return new Tags(tags);
    }

    private static Optional<Lsn> lsn(JsonNode object, String field) {
        return Json.number(object, field).map(Lsn::new);
    }

    private static boolean flag(JsonNode object, String field, boolean otherwise) {
        return Json.text(object, field).flatMap(Scalars::parseBoolean).orElse(otherwise);
    }
}
