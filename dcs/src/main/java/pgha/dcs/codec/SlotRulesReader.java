package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.SlotRules;

/** Reads what the settings document says about replication slots. Confined to one call. */
final class SlotRulesReader {
    /** The first that is not empty counts, as in Patroni. */
    private static final List<String> PERMANENT = List.of("permanent_replication_slots", "permanent_slots", "slots");

    /** What PostgreSQL takes for the name of a slot. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,63}");

    private final ObjectNode document;
    private final List<String> warnings;

    /** @param warnings gets a sentence for each slot that is left out */
    SlotRulesReader(ObjectNode document, List<String> warnings) {
        this.document = document;
        this.warnings = warnings;
    }

    SlotRules read() {
        List<SlotRules.Ignored> ignored = new ArrayList<>();
        for (JsonNode rule : document.path("ignore_slots")) {
            ignored.add(new SlotRules.Ignored(
                    Json.text(rule, "name"),
                    Json.text(rule, "type"),
                    Json.text(rule, "database"),
                    Json.text(rule, "plugin")));
        }
        SortedSet<String> physical = new TreeSet<>();
        SortedMap<String, LogicalSlot> logical = new TreeMap<>();
        permanent().forEach((name, slot) -> {
            if (isLogical(slot)) {
                logical.put(name, new LogicalSlot(said(slot, "database"), said(slot, "plugin")));
            } else {
                physical.add(name);
            }
        });
        return new SlotRules(physical, logical, ignored);
    }

    private SortedMap<String, JsonNode> permanent() {
        SortedMap<String, JsonNode> slots = new TreeMap<>();
        Optional<String> key = PERMANENT.stream()
                .filter(name -> !document.path(name).isEmpty())
                .findFirst();
        for (Map.Entry<String, JsonNode> slot :
                document.path(key.orElse("slots")).properties()) {
            String name = slot.getKey();
            Optional<String> objection = objection(name, slot.getValue());
            objection.ifPresent(why -> warnings.add("%s.%s: %s".formatted(key.orElse("slots"), name, why)));
            if (objection.isEmpty()) {
                slots.put(name, slot.getValue());
            }
        }
        return slots;
    }

    /** One that has a database and a plugin needs no type, as in Patroni. */
    private static boolean isLogical(JsonNode slot) {
        boolean described =
                !said(slot, "database").isEmpty() && !said(slot, "plugin").isEmpty();
        return Json.text(slot, "type").map("logical"::equals).orElse(described);
    }

    private static String said(JsonNode slot, String key) {
        return Json.text(slot, key).orElse("");
    }

    private static Optional<String> objection(String name, JsonNode slot) {
        String type = Json.text(slot, "type").orElse("physical");
        if (!NAME.matcher(name).matches()) {
            return Optional.of("not a name that PostgreSQL takes for a slot; it is left out");
        }
        if (!type.equals("physical") && !type.equals("logical")) {
            return Optional.of("type is physical or logical, found \"" + type + "\"; it is left out");
        }
        if (isLogical(slot)) {
            boolean whole =
                    !said(slot, "database").isEmpty() && !said(slot, "plugin").isEmpty();
            return whole
                    ? Optional.empty()
                    : Optional.of("a logical slot needs a database and a plugin; it is left out");
        }
        return Json.text(slot, "cluster_type")
                .filter("standby"::equals)
                .map(standby -> "only for standby clusters; it is left out");
    }
}
