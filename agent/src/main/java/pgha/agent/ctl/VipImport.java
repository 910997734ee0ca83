package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * vip-manager's configuration as a section of the agent's.
 *
 * <p>Immutable.
 *
 * @param section YAML, with the address and where it goes
 * @param notes sentences about what was left behind, and why that is all right or has to be looked after
 * @param problems for which nothing can be imported
 */
record VipImport(String section, List<String> notes, List<String> problems) {
    private static final Pattern LEADER_KEY = Pattern.compile("/*(.+)/([^/]+)/leader");
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    VipImport {
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    static VipImport of(JsonNode old) {
        List<String> problems = new ArrayList<>();
        String address = required(old, "ip", problems);
        String prefix = prefix(old, address, problems);
        String interfaceName = required(old, "interface", problems);
        String section = "vip:\n  address: %s/%s\n  interface: %s\n".formatted(address, prefix, interfaceName);
        return new VipImport(section, notes(old), problems);
    }

    private static String required(JsonNode old, String key, List<String> problems) {
        String text = old.path(key).asText("");
        if (text.isEmpty()) {
            problems.add(key + ": missing");
        }
        return text;
    }

    /** vip-manager takes an impossible length of an IPv4 address for "by the class of the network". */
    private static String prefix(JsonNode old, String address, List<String> problems) {
        int length = old.path("netmask").asInt(0);
        boolean isIpv6 = address.indexOf(':') >= 0;
        if (length > 0 && length <= (isIpv6 ? IPV6_BITS : IPV4_BITS)) {
            return Integer.toString(length);
        }
        if (isIpv6) {
            problems.add("netmask: %s is no prefix length of an IPv6 address".formatted(old.path("netmask")));
            return "";
        }
        int first = Integer.parseInt("0" + address.replaceFirst("\\D.*", ""));
        return first < 128 ? "8" : first < 192 ? "16" : "24";
    }

    private static List<String> notes(JsonNode old) {
        List<String> notes = new ArrayList<>();
        Matcher key = LEADER_KEY.matcher(old.path("trigger-key").asText(""));
        if (key.matches()) {
            notes.add("# the address follows this node's own lease: see that namespace is \"%s\" and scope is \"%s\""
                    .formatted(key.group(1), key.group(2)));
        }
        if (old.has("trigger-value")) {
            notes.add("# and that name is \"%s\""
                    .formatted(old.path("trigger-value").asText()));
        }
        if (old.path("manager-type")
                .asText(old.path("hosting-type").asText("basic"))
                .equals("hetzner")) {
            notes.add(
                    "# manager-type hetzner: the agent binds addresses of its own network only; nothing moves a failover IP");
        }
        notes.add("# stop and disable vip-manager on this node when the agent has bound the address;"
                + " an address that it left behind is taken over in place");
        return notes;
    }
}
