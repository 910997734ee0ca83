package pgha.agent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import pgha.agent.config.AgentConfig.WatchdogConfig;
import pgha.agent.config.AgentConfig.WatchdogMode;
import pgha.agent.config.YamlValue.Scalar;
import pgha.dcs.model.Tags;
import pgha.vip.Vip;

/** Reads the small sections of a node: {@code tags}, {@code watchdog}, {@code vip}. Pure but for the problems it notes. */
final class NodeSections {
    private static final Set<String> TRUTHS = Set.of("clonefrom", "nofailover", "noloadbalance", "nosync", "nostream");

    private NodeSections() {}

    static List<Vip> vips(ConfigReader root) {
        List<Vip> vips = new ArrayList<>();
        for (ConfigReader section : root.sections("vip")) {
            section.required("address", Vip::parse)
                    .ifPresent(
                            vip -> vips.add(section.parsed("interface", vip::on).orElse(vip)));
        }
        if (vips.stream().map(Vip::address).distinct().count() < vips.size()) {
            root.error("vip", "the same address is listed twice");
        }
        return vips;
    }

    static WatchdogConfig watchdog(ConfigReader watchdog) {
        WatchdogMode mode = watchdog.parsed("mode", NodeSections::watchdogMode).orElse(WatchdogMode.AUTOMATIC);
        boolean testing =
                watchdog.parsed("driver", NodeSections::isTestingDriver).orElse(false);
        return new WatchdogConfig(
                mode,
                Path.of(watchdog.text("device").orElse("/dev/watchdog")),
                (int) watchdog.whole("safety_margin", 5, -1, 86_400),
                testing);
    }

    private static boolean isTestingDriver(String text) {
        return switch (text) {
            case "default" -> false;
            case "testing" -> true;
            default -> throw new IllegalArgumentException("expected one of [default, testing], found \"" + text + "\"");
        };
    }

    /** Patroni takes words that begin so, and the {@code off} of YAML, which is false. */
    private static WatchdogMode watchdogMode(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "off", "false", "disable", "disabled", "no" -> WatchdogMode.OFF;
            case "automatic", "auto", "true", "on" -> WatchdogMode.AUTOMATIC;
            case "required", "require" -> WatchdogMode.REQUIRED;
            default ->
                throw new IllegalArgumentException(
                        "expected one of [off, automatic, required], found \"" + text + "\"");
        };
    }

    /** A false tag says nothing and is left out, unless it overrules the priority that goes with it. */
    static Tags tags(ConfigReader root) {
        ConfigReader section = root.section("tags");
        TreeMap<String, String> tags = new TreeMap<>();
        section.keys().forEach(tag -> {
            if (TRUTHS.contains(tag)) {
                boolean overrules = (tag.equals("nofailover") && section.has("failover_priority"))
                        || (tag.equals("nosync") && section.has("sync_priority"));
                section.flag(tag)
                        .filter(truth -> truth || overrules)
                        .ifPresent(truth -> tags.put(tag, truth.toString()));
            } else {
                section.value(tag)
                        .filter(value -> value instanceof Scalar || wrongTag(section, tag))
                        .flatMap(value -> section.text(tag))
                        .ifPresent(text -> tags.put(tag, text));
            }
        });
        settle(section, "nofailover", "failover_priority");
        settle(section, "nosync", "sync_priority");
        return Tags.of(tags);
    }

    /** Of two tags that contradict each other the plain no wins. */
    private static void settle(ConfigReader section, String no, String priority) {
        long given = section.whole(priority, 1, -1_000_000, 1_000_000);
        section.flag(no)
                .filter(truth -> section.has(priority) && truth != given <= 0)
                .ifPresent(truth -> section.warning(
                        no,
                        "Conflicting configuration between %s: %s and %s: %d. Defaulting to %s: %s"
                                .formatted(no, truth, priority, given, no, truth)));
    }

    /** A tag of the user's own may hold anything, but only texts can be published and compared. */
    private static boolean wrongTag(ConfigReader section, String tag) {
        section.warning(tag, "only texts, numbers and truth values can be tags; it is left out");
        return false;
    }
}
