package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
        return new SlotRules(permanent(), ignored);
    }

    private SortedSet<String> permanent() {
        SortedSet<String> names = new TreeSet<>();
        Optional<String> key = PERMANENT.stream()
                .filter(name -> !document.path(name).isEmpty())
                .findFirst();
        for (Map.Entry<String, JsonNode> slot :
                document.path(key.orElse("slots")).properties()) {
            String name = slot.getKey();
            Optional<String> objection = objection(name, slot.getValue());
            objection.ifPresent(why -> warnings.add("%s.%s: %s".formatted(key.orElse("slots"), name, why)));
            if (objection.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    private static Optional<String> objection(String name, JsonNode slot) {
        boolean hasPlugin = Json.text(slot, "database").isPresent()
                && Json.text(slot, "plugin").isPresent();
        String type = Json.text(slot, "type").orElse(hasPlugin ? "logical" : "physical");
        if (!NAME.matcher(name).matches()) {
            return Optional.of("not a name that PostgreSQL takes for a slot; it is left out");
        }
        if (!type.equals("physical")) {
            return Optional.of("logical slots are not supported; it is neither created nor dropped");
        }
        return Json.text(slot, "cluster_type")
                .filter("standby"::equals)
                .map(standby -> "only for standby clusters; it is left out");
    }
}
