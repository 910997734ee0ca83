package pgha.agent.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which server parameters need what: those that the whole cluster must agree on, and those that are ours.
 *
 * <p>Stateless. The rules are Patroni's, so that a member of either kind starts its server alike.
 */
final class ParameterCatalog {
    /** A replica must have each of these at least as large as its primary, or it does not start. */
    static final List<String> NOT_SMALLER_THAN_PRIMARY = List.of(
            "max_connections",
            "max_prepared_transactions",
            "max_locks_per_transaction",
            "max_worker_processes",
            "max_wal_senders");

    /** Written by us into the recovery block, and never taken from the settings. */
    static final Set<String> OF_RECOVERY = Set.of(
            "primary_conninfo",
            "primary_slot_name",
            "recovery_target",
            "recovery_target_action",
            "recovery_target_inclusive",
            "recovery_target_lsn",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_timeline",
            "recovery_target_xid",
            "promote_trigger_file",
            "standby_mode",
            "trigger_file");

    /** Left in postgresql.auto.conf by whoever restored a backup: there it would be over the settings for ever. */
    static final Set<String> LEFT_BY_RESTORE =
            Set.of("restore_command", "archive_cleanup_command", "recovery_end_command", "recovery_min_apply_delay");

    /** Given by the node's addresses and the cluster's name. */
    private static final Set<String> GIVEN =
            Set.of("listen_addresses", "port", "cluster_name", "hot_standby", "data_directory", "config_file");

    /** How a name may be written: what else stands there would be a line of another kind. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_$]*(\\.[a-z_][a-z0-9_$]*)*");

    private static final Set<String> DIRECTIVES = Set.of("include", "include_if_exists", "include_dir");

    private static final Map<String, Rule> ON_COMMAND_LINE = Map.of(
            "wal_level", Rule.oneOf("replica", "logical"),
            "max_connections", Rule.atLeast(25, "100"),
            "max_wal_senders", Rule.atLeast(3, "10"),
            "max_prepared_transactions", Rule.atLeast(0, "0"),
            "max_locks_per_transaction", Rule.atLeast(32, "64"),
            "max_worker_processes", Rule.atLeast(2, "8"),
            "max_replication_slots", Rule.atLeast(4, "10"),
            "track_commit_timestamp", Rule.oneOf("off", "on"),
            "wal_log_hints", Rule.oneOf("on", "off"));

    private record Rule(String standard, Predicate<String> accepts) {
        static Rule atLeast(int least, String standard) {
            return new Rule(standard, value -> value.matches("\\d{1,9}") && Integer.parseInt(value) >= least);
        }

        static Rule oneOf(String standard, String other) {
            return new Rule(standard, value -> value.equals(standard) || value.equals(other));
        }

        /** One way to write it, where there are several. */
        String normalised(String value) {
            String lower = value.strip().toLowerCase(Locale.ROOT);
            boolean isSwitch = standard.equals("on") || standard.equals("off");
            return switch (lower) {
                case "on", "true", "yes", "1" -> isSwitch ? "on" : lower;
                case "off", "false", "no", "0" -> isSwitch ? "off" : lower;
                case "hot_standby", "archive" -> "replica";
                default -> lower;
            };
        }
    }

    /**
     * The parameters a server runs with.
     *
     * @param commandLine passed as arguments, so that ALTER SYSTEM cannot override them
     * @param file everything for postgresql.conf, those of the command line included
     * @param warnings what was not taken as it was written
     */
    record Effective(SortedMap<String, String> commandLine, SortedMap<String, String> file, List<String> warnings) {}

    private ParameterCatalog() {}

    /** @param refused what PostgreSQL says against values that it does not take, by name */
    static Effective effective(PostgresConfig config, Map<String, String> refused) {
        List<String> warnings = new ArrayList<>();
        SortedMap<String, String> given = new TreeMap<>();
        config.parameters().forEach((name, value) -> given.put(name.toLowerCase(Locale.ROOT), normalised(value)));
        SortedMap<String, String> commandLine = commandLine(config, given, refused.keySet(), warnings);
        SortedMap<String, String> file = new TreeMap<>();
        given.forEach((name, value) -> {
            if (OF_RECOVERY.contains(name) || GIVEN.contains(name) || ON_COMMAND_LINE.containsKey(name)) {
                return;
            }
            if (name.equals("wal_keep_segments")) {
                file.put("wal_keep_size", value.matches("\\d{1,6}") ? 16 * Integer.parseInt(value) + "MB" : "128MB");
            } else if (!NAME.matcher(name).matches() || DIRECTIVES.contains(name)) {
                warnings.add("postgresql.parameters.%s: left out, since this is not the name of a parameter"
                        .formatted(name));
            } else if (refused.containsKey(name)) {
                warnings.add("postgresql.parameters.%s: left out, since PostgreSQL says: %s"
                        .formatted(name, refused.get(name)));
            } else {
                file.put(name, value);
            }
        });
        file.putIfAbsent("wal_keep_size", "128MB");
        file.putAll(commandLine);
        return new Effective(commandLine, file, warnings);
    }

    /** Of those that must not be smaller than on the primary, the ones that pg_control remembers larger. */
    static SortedMap<String, String> raised(SortedMap<String, String> commandLine, ControlData control) {
        SortedMap<String, String> raised = new TreeMap<>(commandLine);
        for (String name : NOT_SMALLER_THAN_PRIMARY) {
            Optional<Integer> remembered = control.setting(name);
            int wanted = Integer.parseInt(commandLine.getOrDefault(name, "0"));
            remembered.filter(value -> value > wanted).ifPresent(value -> raised.put(name, Integer.toString(value)));
        }
        return raised;
    }

    private static SortedMap<String, String> commandLine(
            PostgresConfig config, SortedMap<String, String> given, Set<String> refused, List<String> warnings) {
        SortedMap<String, String> commandLine = new TreeMap<>();
        commandLine.put("listen_addresses", config.listenAddresses());
        commandLine.put("port", Integer.toString(config.port()));
        commandLine.put("cluster_name", config.scope());
        commandLine.put("hot_standby", "on");
        ON_COMMAND_LINE.forEach((name, rule) -> {
            String written = given.getOrDefault(name, rule.standard());
            String value = rule.normalised(written);
            if (!rule.accepts().test(value) || refused.contains(name)) {
                warnings.add("postgresql parameter %s=%s failed validation, defaulting to %s"
                        .formatted(name, value, rule.standard()));
                value = rule.standard();
            }
            commandLine.put(name, value);
        });
        return commandLine;
    }

    private static String normalised(String value) {
        return switch (value) {
            case "true", "True", "TRUE" -> "on";
            case "false", "False", "FALSE" -> "off";
            default -> value;
        };
    }
}
