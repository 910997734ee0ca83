package pgha.agent.sim;

import java.util.List;
import java.util.stream.Collectors;
import pgha.agent.scenario.DataDriven.Command;

/** The settings that the cluster of a story begins with, from the options of its first command. */
final class ScenarioSettings {
    private ScenarioSettings() {}

    /** The whole document. */
    static String of(Command command) {
        StringBuilder settings = new StringBuilder(
                "{\"ttl\":%s,\"loop_wait\":10,\"retry_timeout\":10".formatted(command.option("ttl", "10")));
        if (command.option("failsafe").isPresent()) {
            settings.append(",\"failsafe_mode\":true");
        }
        command.option("race-backoff")
                .ifPresent(t -> settings.append(",\"primary_race_backoff\":").append(t));
        command.option("start-timeout")
                .ifPresent(t -> settings.append(",\"primary_start_timeout\":").append(t));
        command.option("maximum-lag").ifPresent(bytes -> settings.append(",\"maximum_lag_on_failover\":")
                .append(bytes));
        command.option("standby-of").ifPresent(remote -> settings.append(standbyOf(remote)));
        command.option("sync").ifPresent(sync -> settings.append(synchronous(sync)));
        settings.append(slotRules(command));
        return settings.append('}').toString();
    }

    /** A part of the document. */
    static String standbyOf(String remote) {
        return ",\"standby_cluster\":{\"host\":\"%s\"}".formatted(remote);
    }

    /** {@code permanent=(x)} and {@code ignored=(y)}: physical slots that are no member's. */
    private static String slotRules(Command command) {
        List<String> permanent = command.list("permanent").stream()
                .map("\"%s\":{\"type\":\"physical\"}"::formatted)
                .toList();
        List<String> ignored = command.list("ignored").stream()
                .map("{\"name\":\"%s\"}"::formatted)
                .toList();
        return ",\"member_slots_ttl\":%s,\"slots\":{%s},\"ignore_slots\":[%s]"
                .formatted(command.option("slots-ttl", "1800"), String.join(",", permanent), String.join(",", ignored));
    }

    /** A part of the document. */
    static String logicalSlots(List<String> names) {
        return names.stream()
                .map("\"%s\":{\"database\":\"app\",\"plugin\":\"pgoutput\"}"::formatted)
                .collect(Collectors.joining(",", ",\"slots\":{", "}"));
    }

    /** {@code on}, {@code strict}, {@code quorum}, {@code off}; with {@code 2} at the end for two others. */
    static String synchronous(String word) {
        String mode = word.startsWith("quorum") ? "\"quorum\"" : String.valueOf(!word.equals("off"));
        return ",\"synchronous_mode\":%s,\"synchronous_mode_strict\":%s,\"synchronous_node_count\":%d"
                .formatted(mode, word.startsWith("strict"), word.endsWith("2") ? 2 : 1);
    }
}
