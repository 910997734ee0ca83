package pgha.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What may differ between labs: names, network, ports and the distribution under test.
 *
 * @param network the first three numbers of a /24, e.g. {@code 10.77.0}
 */
public record LabOptions(
        String name,
        String network,
        List<String> nodes,
        List<String> stores,
        int vipNumber,
        int postgresPort,
        int restPort,
        Path distribution) {
    /** The host from which clients come. */
    public static final String CLIENT = "client";

    private static final String DISTRIBUTION = "PGHA_LAB_DISTRIBUTION";
    private static final int FIRST_NODE = 11;
    private static final int FIRST_STORE = 21;
    private static final int CLIENT_NUMBER = 200;
    /** An interface name has at most 15 characters, two of which are our prefix. */
    private static final int LONGEST_NAME = 13;

    public LabOptions {
        nodes = List.copyOf(nodes);
        stores = List.copyOf(stores);
        Stream.concat(Stream.of(name), Stream.concat(nodes.stream(), stores.stream()))
                .forEach(LabOptions::requireUsableName);
        if (!network.matches("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")) {
            throw new IllegalArgumentException("cannot use the network \"" + network + "\"; expected e.g. 10.77.0");
        }
    }

    /** Three nodes and three stores in 10.77.0.0/24; of the environment only the distribution counts. */
    public static LabOptions named(String name) {
        Map<String, String> values = new HashMap<>(Map.of("PGHA_LAB_NAME", name));
        String distribution = System.getenv(DISTRIBUTION);
        if (distribution != null) {
            values.put(DISTRIBUTION, distribution);
        }
        return from(values);
    }

    /** As {@link #named}, with every value that the environment sets. */
    public static LabOptions from(Map<String, String> environment) {
        return new LabOptions(
                environment.getOrDefault("PGHA_LAB_NAME", "demo"),
                environment.getOrDefault("PGHA_LAB_NETWORK", "10.77.0"),
                names(environment.getOrDefault("PGHA_LAB_NODES", "pg-1 pg-2 pg-3")),
                names(environment.getOrDefault("PGHA_LAB_STORES", "etcd-1 etcd-2 etcd-3")),
                Integer.parseInt(environment.getOrDefault("PGHA_LAB_VIP", "100")),
                Integer.parseInt(environment.getOrDefault("PGHA_LAB_POSTGRES_PORT", "5432")),
                Integer.parseInt(environment.getOrDefault("PGHA_LAB_REST_PORT", "8008")),
                Path.of(environment.getOrDefault(DISTRIBUTION, defaultDistribution())));
    }

    public LabOptions withNodes(List<String> others) {
        return new LabOptions(name, network, others, stores, vipNumber, postgresPort, restPort, distribution);
    }

    public LabOptions withStores(List<String> others) {
        return new LabOptions(name, network, nodes, others, vipNumber, postgresPort, restPort, distribution);
    }

    public String address(String host) {
        if (host.equals(CLIENT)) {
            return network + "." + CLIENT_NUMBER;
        }
        int node = nodes.indexOf(host);
        int store = stores.indexOf(host);
        if (node < 0 && store < 0) {
            throw new IllegalArgumentException("no host \"" + host + "\"; there are " + hosts());
        }
        return network + "." + (node >= 0 ? FIRST_NODE + node : FIRST_STORE + store);
    }

    /** The virtual address, without a prefix length. */
    public String vip() {
        return network + "." + vipNumber;
    }

    public List<String> hosts() {
        List<String> hosts = new ArrayList<>(stores);
        hosts.addAll(nodes);
        hosts.add(CLIENT);
        return List.copyOf(hosts);
    }

    /** As kept on disk, in the words of the environment. */
    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("PGHA_LAB_NAME", name);
        properties.setProperty("PGHA_LAB_NETWORK", network);
        properties.setProperty("PGHA_LAB_NODES", String.join(" ", nodes));
        properties.setProperty("PGHA_LAB_STORES", String.join(" ", stores));
        properties.setProperty("PGHA_LAB_VIP", Integer.toString(vipNumber));
        properties.setProperty("PGHA_LAB_POSTGRES_PORT", Integer.toString(postgresPort));
        properties.setProperty("PGHA_LAB_REST_PORT", Integer.toString(restPort));
        properties.setProperty(DISTRIBUTION, distribution.toString());
        return properties;
    }

    private static List<String> names(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("[ ,]+"));
    }

    /** Maven runs tests in the module's directory, people run the demo from the top. */
    private static String defaultDistribution() {
        return IntStream.rangeClosed(0, 1)
                .mapToObj(level -> Path.of(level == 0 ? "packaging" : "../packaging"))
                .filter(path -> path.toFile().isDirectory())
                .findFirst()
                .orElse(Path.of("packaging"))
                .resolve("target/pgha-agent")
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    private static void requireUsableName(String name) {
        if (!name.matches("[a-z0-9][a-z0-9-]*") || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("cannot use the name \"" + name + "\": at most " + LONGEST_NAME
                    + " lower-case letters, digits and hyphens");
        }
    }
}
