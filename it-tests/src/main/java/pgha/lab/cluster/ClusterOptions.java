package pgha.lab.cluster;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may differ between clusters: scope, timing and settings, in the words of Patroni's configuration.
 *
 * @param dcs further lines of {@code bootstrap.dcs}, key to YAML value
 * @param parameters PostgreSQL parameters of {@code bootstrap.dcs}
 * @param vips with prefix length; all on eth0
 */
public record ClusterOptions(
        String scope, int ttl, Map<String, String> dcs, Map<String, String> parameters, List<String> vips) {
    public ClusterOptions {
        dcs = Map.copyOf(dcs);
        parameters = Map.copyOf(parameters);
        vips = List.copyOf(vips);
    }

    /** The shortest lease that there is, so that nobody waits longer than needed, and one VIP. */
    public static ClusterOptions of(String scope, String vip) {
        return new ClusterOptions(scope, 5, Map.of(), Map.of(), List.of(vip + "/24"));
    }

    public ClusterOptions withTtl(int seconds) {
        return new ClusterOptions(scope, seconds, dcs, parameters, vips);
    }

    public ClusterOptions withSetting(String key, String yaml) {
        return new ClusterOptions(scope, ttl, with(dcs, key, yaml), parameters, vips);
    }

    public ClusterOptions withParameter(String key, String value) {
        return new ClusterOptions(scope, ttl, dcs, with(parameters, key, value), vips);
    }

    public ClusterOptions withVips(String... all) {
        return new ClusterOptions(scope, ttl, dcs, parameters, List.of(all));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new TreeMap<>(map);
        more.put(key, value);
        return more;
    }
}
