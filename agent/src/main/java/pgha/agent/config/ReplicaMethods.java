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
 * @param ofStandbyLeader those by which the leader of a standby cluster is made; empty: {@code names}
 * @param programs those of the operator's by name, more of them perhaps than are named
 */
public record ReplicaMethods(List<String> names, List<String> ofStandbyLeader, SortedMap<String, Program> programs) {
    /** The method that is ours. */
    public static final String BASEBACKUP = "basebackup";

    private static final Set<String> SWITCHES = Set.of("keep_data", "no_params", "no_leader");

    /**
     * A program of the operator's.
     *
     * @param command as on a command line
     * @param keepsData it is given the data directory as it is
     * @param withoutLeader it is run while nobody leads, too
     * @param plain nothing of ours is added to its command line
     * @param parameters its own, added as {@code --key=value}
     */
    public record Program(
            String command,
            boolean keepsData,
            boolean withoutLeader,
            boolean plain,
            SortedMap<String, String> parameters) {
        public Program {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        }
    }

    public ReplicaMethods {
        names = List.copyOf(names);
        ofStandbyLeader = List.copyOf(ofStandbyLeader);
        programs = Collections.unmodifiableSortedMap(new TreeMap<>(programs));
    }

    /** From a node's file. */
    static ReplicaMethods ofNode(ConfigReader postgres) {
        ReplicaMethods methods = read(postgres, List.of());
        methods.names.stream()
                .filter(methods::isUnknown)
                .forEach(name -> postgres.warning(
                        name,
                        "has no command: this method of making a replica is passed over, unless the settings of the"
                                + " cluster have one"));
        return methods;
    }

    /**
     * From the settings of the cluster.
     *
     * @param standby its section {@code standby_cluster}
     */
    static ReplicaMethods ofCluster(ConfigReader postgres, ConfigReader standby) {
        return read(postgres, names(standby, "create_replica_methods"));
    }

    private static ReplicaMethods read(ConfigReader postgres, List<String> ofStandbyLeader) {
        String key = postgres.has("create_replica_methods") ? "create_replica_methods" : "create_replica_method";
        SortedMap<String, Program> programs = new TreeMap<>();
        for (String name : postgres.sectionsWith("command")) {
            ConfigReader section = postgres.section(name);
            section.text("command")
                    .filter(line -> !line.isBlank() && !name.equals(BASEBACKUP))
                    .ifPresent(command -> programs.put(name, program(section, command)));
        }
        return new ReplicaMethods(names(postgres, key), ofStandbyLeader, programs);
    }

    private static List<String> names(ConfigReader section, String key) {
        return section.textsOrCommas(key).stream()
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private boolean isUnknown(String name) {
        return !name.equals(BASEBACKUP) && !programs.containsKey(name);
    }

    private static Program program(ConfigReader section, String command) {
        boolean plain = section.flag("no_params", false);
        SortedMap<String, String> parameters = new TreeMap<>();
        section.keys().stream()
                .filter(name -> !name.equals("command") && !(plain && SWITCHES.contains(name)))
                .forEach(name -> section.argument(name).ifPresent(text -> parameters.put(name, text)));
        return new Program(
                command, section.flag("keep_data", false), section.flag("no_leader", false), plain, parameters);
    }

    /** These of a node's file over those of the cluster: the list as a whole, and each program as a whole. */
    ReplicaMethods over(ReplicaMethods cluster) {
        SortedMap<String, Program> both = new TreeMap<>(cluster.programs);
        both.putAll(programs);
        return new ReplicaMethods(names.isEmpty() ? cluster.names : names, cluster.ofStandbyLeader, both);
    }

    /** The names in force. */
    public List<String> names(boolean leadsStandby) {
        return leadsStandby && !ofStandbyLeader.isEmpty() ? ofStandbyLeader : names;
    }

    /** What there is to say about methods that are passed over, since nothing says which program they are. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        unknown("postgresql.create_replica_methods", names, warnings);
        unknown("standby_cluster.create_replica_methods", ofStandbyLeader, warnings);
        return warnings;
    }

    private void unknown(String key, List<String> methods, List<String> warnings) {
        methods.stream()
                .filter(this::isUnknown)
                .map(name ->
                        "%s: \"%s\" is passed over, since neither the file nor the settings have postgresql.%s.command"
                                .formatted(key, name, name))
                .forEach(warnings::add);
    }
}
