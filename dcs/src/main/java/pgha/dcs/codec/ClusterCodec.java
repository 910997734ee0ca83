package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/**
 * The values of the store as text on one side and as the model on the other; members are in {@link MemberCodec}.
 *
 * <p>Pure and thread-safe. {@code json(x)} writes what Patroni would write; the readers understand what any version of
 * it wrote, and throw {@link IllegalArgumentException} with one sentence for everything else.
 */
public final class ClusterCodec {
    private ClusterCodec() {}

    /**
     * Reads the settings document. Values outside the limits are clamped and named in
     * {@link ClusterSettings#warnings}; unknown keys stay in {@link ClusterSettings#document}.
     *
     * @throws IllegalArgumentException if it is no JSON object, a timing value is no number, or a part is of the wrong kind
     */
    public static ClusterSettings settings(String json, Revision revision) {
        ObjectNode document = Json.readObject(json);
        SettingsShape.check(document);
        return new SettingsReader(document).read(revision);
    }

    /**
     * The values of a settings document that nobody understands, with what would be understood: a sentence each, which
     * begins with the path of the key. Whoever writes a document is to hear of them; whoever reads one copes with them.
     *
     * @throws IllegalArgumentException as {@link #settings}
     */
    public static List<String> objections(String json) {
        ObjectNode document = Json.readObject(json);
        SettingsShape.check(document);
        SettingsReader reader = new SettingsReader(document);
        reader.read(Revision.ZERO);
        return reader.objections();
    }

    /**
     * The document with the patch merged into it; {@code null} removes a key. Equal to the (compact) document if
     * nothing changed.
     *
     * @throws IllegalArgumentException unless both are JSON objects
     */
    public static String mergePatch(String document, String patch) {
        return Json.write(MergePatch.apply(Json.readObject(document), Json.readObject(patch)));
    }

    /** The same document without blanks. */
    public static String compact(String document) {
        return Json.write(Json.readObject(document));
    }

    public static String json(ClusterStatus status) {
        ObjectNode object = Json.object();
        object.put("optime", status.lastLsn().bytes());
        if (!status.slots().isEmpty()) {
            ObjectNode slots = object.putObject("slots");
            status.slots().forEach((name, lsn) -> slots.put(name, lsn.bytes()));
        }
        if (!status.retainedSlots().isEmpty()) {
            ArrayNode retained = object.putArray("retain_slots");
            status.retainedSlots().forEach(retained::add);
        }
        return Json.write(object);
    }

    /** Reads the status, a bare number (the form of {@code optime/leader} and of old versions) included. */
    public static ClusterStatus status(String text) {
        JsonNode tree = Json.read(text);
        if (!tree.isObject()) {
            return ClusterStatus.at(lsn(tree));
        }
        SortedMap<String, Lsn> slots = new TreeMap<>();
        for (Map.Entry<String, JsonNode> slot : tree.path("slots").properties()) {
            slots.put(slot.getKey(), lsn(slot.getValue()));
        }
        List<String> retained = new ArrayList<>();
        tree.path("retain_slots").forEach(name -> retained.add(name.asText()));
        return new ClusterStatus(tree.hasNonNull("optime") ? lsn(tree.path("optime")) : Lsn.ZERO, slots, retained);
    }

    private static Lsn lsn(JsonNode value) {
        String text = value.isValueNode() ? value.asText() : "";
        if (!text.matches("\\d{1,19}")) {
            throw new IllegalArgumentException("not a WAL position in bytes: " + Json.excerpt(value.toString()));
        }
        return new Lsn(Long.parseLong(text));
    }

    public static String json(TimelineHistory history) {
        ArrayNode array = Json.array();
        for (TimelineHistory.Switch end : history.switches()) {
            ArrayNode item = array.addArray();
            item.add(end.parent().id()).add(end.at().bytes()).add(end.reason());
            if (!end.time().isEmpty() || !end.newLeader().isEmpty()) {
                item.add(end.time());
            }
            if (!end.newLeader().isEmpty()) {
                item.add(end.newLeader());
            }
        }
        return Json.write(array);
    }

    /** Reads the history; old entries have three or four items. */
    public static TimelineHistory history(String json) {
        List<TimelineHistory.Switch> switches = new ArrayList<>();
        for (JsonNode item : Json.readArray(json)) {
            if (!item.path(0).canConvertToInt()) {
                throw new IllegalArgumentException("not a history entry: " + Json.excerpt(item.toString()));
            }
            switches.add(new TimelineHistory.Switch(
                    new Timeline(item.path(0).asInt()),
                    lsn(item.path(1)),
                    item.path(2).asText(""),
                    item.path(3).asText(""),
                    item.path(4).asText("")));
        }
        return new TimelineHistory(switches);
    }

    public static String json(SyncState sync) {
        ObjectNode object = Json.object();
        object.put("leader", sync.leader().value());
        object.put("quorum", sync.quorum());
        if (sync.voters().isEmpty()) {
            object.putNull("sync_standby");
        } else {
            List<String> names = sync.voters().stream().map(MemberName::value).toList();
            object.put("sync_standby", String.join(",", names));
        }
        return Json.write(object);
    }

    /** Empty if synchronous mode is not active yet, which is how a value without a leader is meant. */
    public static Optional<SyncState> sync(String json, Revision revision) {
        if (json.isBlank()) {
            return Optional.empty();
        }
        ObjectNode object = Json.readObject(json);
        SortedSet<MemberName> voters = new TreeSet<>();
        for (String name : Json.text(object, "sync_standby").orElse("").split(",", -1)) {
            if (!name.isBlank()) {
                voters.add(new MemberName(name.strip()));
            }
        }
        int quorum = Math.clamp(Json.number(object, "quorum").orElse(0L), 0, voters.size());
        return Json.text(object, "leader")
                .map(leader -> new SyncState(new MemberName(leader), quorum, voters, revision));
    }

    /** The revision is not part of the value. */
    public static String json(SwitchoverRequest request) {
        ObjectNode object = Json.object();
        request.leader().ifPresent(name -> object.put("leader", name.value()));
        request.candidate().ifPresent(name -> object.put("member", name.value()));
        request.scheduledAt().ifPresent(at -> object.put("scheduled_at", at));
        return Json.write(object);
    }

    /** Reads a request; {@code {}} and an empty value ask for nothing, {@code leader:candidate} is the old form. */
    public static SwitchoverRequest switchover(String text, Revision revision) {
        if (text.isBlank()) {
            return new SwitchoverRequest(Optional.empty(), Optional.empty(), Optional.empty(), revision);
        }
        if (!text.strip().startsWith("{") && text.matches("[^:\"]*:[^:\"]*")) {
            String[] names = text.split(":", -1);
            return new SwitchoverRequest(name(names[0]), name(names[1]), Optional.empty(), revision);
        }
        ObjectNode object = Json.readObject(text);
        return new SwitchoverRequest(
                Json.text(object, "leader").flatMap(ClusterCodec::name),
                Json.text(object, "member").flatMap(ClusterCodec::name),
                Json.text(object, "scheduled_at"),
                revision);
    }

    private static Optional<MemberName> name(String text) {
        return Optional.of(text.strip()).filter(name -> !name.isEmpty()).map(MemberName::new);
    }

    /** Members with the URL of their REST interface, as failsafe mode knows them. */
    public static SortedMap<MemberName, String> failsafe(String json) {
        SortedMap<MemberName, String> members = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : Json.readObject(json).properties()) {
            members.put(new MemberName(field.getKey()), field.getValue().asText());
        }
        return members;
    }

    public static String failsafeJson(SortedMap<MemberName, String> members) {
        ObjectNode object = Json.object();
        members.forEach((name, url) -> object.put(name.value(), url));
        return Json.write(object);
    }
}
