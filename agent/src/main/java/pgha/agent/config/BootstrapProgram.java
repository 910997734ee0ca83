package pgha.agent.config;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program of the operator's that makes the data of a new cluster in the place of initdb.
 *
 * <p>Immutable.
 *
 * @param name what {@code bootstrap.method} calls it
 * @param command as on a command line
 * @param plain neither the name of the cluster nor its directory is added to that
 * @param keepsRecovery what the program leaves of recovery settings counts, if there are none here
 * @param recovery what the cluster recovers by before it is opened; empty without {@code recovery_conf}
 * @param parameters added as {@code --key=value}
 */
public record BootstrapProgram(
        String name,
        String command,
        boolean plain,
        boolean keepsRecovery,
        Optional<SortedMap<String, String>> recovery,
        SortedMap<String, String> parameters) {

    private static final Set<String> SWITCHES =
            Set.of("command", "no_params", "keep_existing_recovery_conf", "recovery_conf", "scope", "datadir");

    private static final String ACTION = "recovery_target_action";

    public BootstrapProgram {
        recovery = recovery.map(BootstrapProgram::copied);
        parameters = copied(parameters);
    }

    /** The one that {@code bootstrap.method} names; empty for initdb. */
    static Optional<BootstrapProgram> read(ConfigReader bootstrap) {
        Optional<String> method = bootstrap.text("method").filter(name -> !name.equals("initdb"));
        if (method.isEmpty()) {
            return Optional.empty();
        }
        ConfigReader section = bootstrap.section(method.get());
        Optional<String> command = section.text("command").filter(line -> !line.isBlank());
        if (command.isEmpty()) {
            bootstrap.error(
                    "method",
                    "\"%s\" is the name of no section with a command; add bootstrap.%s.command or use initdb"
                            .formatted(method.get(), method.get()));
        }
        return command.map(line -> read(method.get(), line, section));
    }

    private static BootstrapProgram read(String name, String command, ConfigReader section) {
        SortedMap<String, String> parameters = new TreeMap<>();
        section.keys().stream().filter(key -> !SWITCHES.contains(key)).forEach(key -> section.text(key)
                .ifPresent(text -> parameters.put(key, text)));
        return new BootstrapProgram(
                name,
                command,
                section.flag("no_params", false),
                section.flag("keep_existing_recovery_conf", false),
                section.has("recovery_conf") ? Optional.of(recovery(section)) : Optional.empty(),
                parameters);
    }

    /** It ends with a primary: nobody is to wait for one that stands still, or is down, at its target. */
    private static SortedMap<String, String> recovery(ConfigReader section) {
        ConfigReader conf = section.section("recovery_conf");
        SortedMap<String, String> recovery = new TreeMap<>();
        section.parameters("recovery_conf").forEach((name, value) -> {
            if (name.matches("[A-Za-z_]+")) {
                recovery.put(name.toLowerCase(Locale.ROOT), value);
            } else {
                conf.error(name, "this is not the name of a parameter");
            }
        });
        if (conf.flag("standby_mode", false)) {
            conf.error("standby_mode", "a new cluster cannot begin as a standby: its recovery would never be over");
        }
        recovery.remove("standby_mode");
        if (!recovery.getOrDefault(ACTION, "promote").equals("promote")) {
            conf.error(
                    ACTION,
                    "expected promote, found \"" + recovery.get(ACTION) + "\"; the new cluster needs a primary");
        }
        recovery.put(ACTION, "promote");
        return recovery;
    }

    private static SortedMap<String, String> copied(SortedMap<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
