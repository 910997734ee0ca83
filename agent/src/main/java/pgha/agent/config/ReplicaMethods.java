package pgha.agent.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * By what, and in which order, the data directory of a replica is made.
 *
 * <p>Immutable.
 *
 * @param names the methods, the first to be tried first; empty: basebackup alone
 * @param programs those of the operator's by name, more of them perhaps than {@code names} has
 */
public record ReplicaMethods(List<String> names, SortedMap<String, Program> programs) {
    /** The method that is ours. */
    public static final String BASEBACKUP = "basebackup";

    private static final Set<String> SWITCHES = Set.of("command", "keep_data", "no_params", "no_leader");

    /**
     * A program of the operator's.
     *
     * @param command as on a command line
     * @param keepsData what it left when it failed is there for the next attempt
     * @param plain nothing is added to its command line
     * @param parameters added as {@code --key=value}, after what every such program gets
     */
    public record Program(String command, boolean keepsData, boolean plain, SortedMap<String, String> parameters) {
        public Program {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        }
    }

    public ReplicaMethods {
        names = List.copyOf(names);
        programs = Collections.unmodifiableSortedMap(new TreeMap<>(programs));
    }

    static ReplicaMethods read(ConfigReader postgres) {
        String key = postgres.has("create_replica_methods") ? "create_replica_methods" : "create_replica_method";
        SortedMap<String, Program> programs = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (String name : postgres.textsOrCommas(key)) {
            names.add(name);
            if (!name.equals(BASEBACKUP)) {
                readProgram(postgres, name, programs);
            }
        }
        return new ReplicaMethods(names, programs);
    }

    private static void readProgram(ConfigReader postgres, String name, SortedMap<String, Program> programs) {
        ConfigReader section = postgres.section(name);
        section.text("command")
                .filter(line -> !line.isBlank())
                .ifPresentOrElse(
                        command -> programs.put(name, program(section, command)),
                        () -> postgres.warning(name, "has no command: this method of making a replica is passed over"));
    }

    private static Program program(ConfigReader section, String command) {
        section.flag("no_leader")
                .filter(without -> without)
                .ifPresent(without ->
                        section.warning("no_leader", "has no effect: a replica is made while there is a leader"));
        SortedMap<String, String> parameters = new TreeMap<>();
        section.keys().stream().filter(name -> !SWITCHES.contains(name)).forEach(name -> section.text(name)
                .ifPresent(text -> parameters.put(name, text)));
        return new Program(command, section.flag("keep_data", false), section.flag("no_params", false), parameters);
    }

    /** These of a node's file over those of the cluster. */
    ReplicaMethods over(ReplicaMethods cluster) {
        return names.isEmpty() ? cluster : this;
    }
}
