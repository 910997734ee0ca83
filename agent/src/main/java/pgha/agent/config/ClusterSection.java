package pgha.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Place;

/**
 * What the settings of the cluster say of PostgreSQL, as far as every node's file could say it, too.
 *
 * <p>Immutable. A value of the wrong type counts as absent, so that one mistake does not take the other settings away from
 * servers that run.
 *
 * @param objections to values that are of the wrong type, a sentence each, beginning with the path
 * @param remarks on what has no effect, likewise
 */
public record ClusterSection(ServerSettings settings, List<String> objections, List<String> remarks) {
    /** Numbers stay as they were written: they are texts to PostgreSQL. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(new JsonNodeFactory(true))
            .build();

    private static final String SECTION = "postgresql";
    private static final Place HERE = new Place("/config", 0);

    /** The facts of one host; as in Patroni, but for where its programs are and what its files are called, which differs between hosts, too. */
    private static final Set<String> OF_A_NODE = Set.of(
            "listen",
            "connect_address",
            "proxy_address",
            "data_dir",
            "config_dir",
            "config_base_name",
            "pgpass",
            "authentication",
            "bin_dir",
            "bin_name");

    public ClusterSection {
        objections = List.copyOf(objections);
        remarks = List.copyOf(remarks);
    }

    /**
     * @param document the settings of the cluster, as JSON
     * @throws IllegalArgumentException if it is no JSON object
     */
    public static ClusterSection of(String document) {
        Problems problems = new Problems();
        ServerSettings settings = read(new ConfigReader(root(document), problems, new TreeSet<>()));
        return new ClusterSection(settings, sentences(problems.errors()), sentences(problems.warnings()));
    }

    private static Mapping root(String document) {
        try {
            if (YamlJson.of(HERE, JSON.readTree(document)) instanceof Mapping mapping) {
                return mapping;
            }
            throw new IllegalArgumentException("the settings are no JSON object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the settings are not JSON", e);
        }
    }

    /** Reads what is of servers, and remarks on what only a node's file may say. */
    static ServerSettings read(ConfigReader cluster) {
        ConfigReader postgres = cluster.section(SECTION);
        postgres.keys().stream()
                .filter(OF_A_NODE::contains)
                .filter(postgres::has)
                .forEach(key -> postgres.warning(key, "has no effect here; only the file of a node may say it"));
        postgres.flag("use_slots");
        return ServerSettings.ofCluster(postgres, cluster.section("standby_cluster"));
    }

    private static List<String> sentences(List<String> lines) {
        return lines.stream()
                .map(line -> line.substring(HERE.file().length() + 2))
                .toList();
    }

    /** What the log says of it. */
    public List<String> warnings() {
        return Stream.concat(objections.stream().map(sentence -> sentence + "; it counts as absent"), remarks.stream())
                .toList();
    }
}
