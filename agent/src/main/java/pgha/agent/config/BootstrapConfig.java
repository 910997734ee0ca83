package pgha.agent.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import pgha.agent.ha.Timing;

/**
 * How a new cluster begins. Immutable.
 *
 * @param settings the first document of the {@code config} key: JSON, keys in the order of the file
 * @param isStandby whether a cluster that begins so copies another one
 * @param initdbOptions as on a command line: {@code --data-checksums}, {@code --encoding=UTF8}
 * @param pgHba lines to append to what initdb wrote
 * @param postBootstrap run once, with a connection string as one more argument
 * @param program what makes it in the place of initdb, if {@code method} names something else
 */
public record BootstrapConfig(
        String settings,
        boolean isStandby,
        List<String> initdbOptions,
        List<String> pgHba,
        Optional<String> postBootstrap,
        Optional<BootstrapProgram> program) {

    private static final Set<String> OPTIONS_OF_OURS = Set.of("pgdata", "nosync", "pwfile", "sync-only", "version");
    private static final long DAY = 86_400;

    public BootstrapConfig {
        initdbOptions = List.copyOf(initdbOptions);
        pgHba = List.copyOf(pgHba);
    }

    /** @param hasBegun whether the cluster exists: mistakes in what has no effect any more are only told */
    static BootstrapConfig read(ConfigReader bootstrap, boolean hasBegun) {
        if (!hasBegun) {
            return read(bootstrap);
        }
        Problems found = new Problems();
        BootstrapConfig config = read(bootstrap.reportingTo(found));
        bootstrap.tolerate(found);
        return config;
    }

    private static BootstrapConfig read(ConfigReader bootstrap) {
        checkSettings(bootstrap.section("dcs"));
        return new BootstrapConfig(
                bootstrap.value("dcs").map(dcs -> YamlJson.of(dcs).toString()).orElse("{}"),
                standby(bootstrap.section("dcs").section("standby_cluster")),
                bootstrap.options("initdb", OPTIONS_OF_OURS),
                bootstrap.texts("pg_hba"),
                bootstrap.text("post_bootstrap").or(() -> bootstrap.text("post_init")),
                BootstrapProgram.read(bootstrap));
    }

    private static boolean standby(ConfigReader section) {
        section.whole("port", 5432, 1, 65_535);
        return Stream.of("host", "port", "restore_command")
                .anyMatch(key -> section.text(key).isPresent());
    }

    /** The types of what everybody would have to live with; an impossible lease time most of all. */
    private static void checkSettings(ConfigReader dcs) {
        long ttl = dcs.whole("ttl", 30, 0, DAY);
        try {
            new Timing(Duration.ofSeconds(ttl));
        } catch (IllegalArgumentException e) {
            dcs.error("ttl", String.valueOf(e.getMessage()).replaceFirst("^ttl: ", ""));
        }
        dcs.whole("loop_wait", 10, 0, DAY);
        dcs.whole("retry_timeout", 10, 0, DAY);
        dcs.whole("maximum_lag_on_failover", 1_048_576, 0, Long.MAX_VALUE / 10);
        dcs.whole("max_timelines_history", 0, 0, Integer.MAX_VALUE);
        dcs.whole("primary_start_timeout", 300, 0, Integer.MAX_VALUE);
        dcs.whole("primary_stop_timeout", 0, 0, Integer.MAX_VALUE);
        dcs.whole("maximum_lag_on_syncnode", -1, -1, Long.MAX_VALUE / 10);
        dcs.whole("synchronous_node_count", 1, 0, Integer.MAX_VALUE);
        dcs.text("synchronous_mode");
        dcs.flag("synchronous_mode_strict");
        List.of("slots", "permanent_slots", "permanent_replication_slots").forEach(dcs::section);
        dcs.sections("ignore_slots");
        dcs.flag("check_timeline");
        dcs.flag("failsafe_mode");
        dcs.flag("pause");
        ClusterSection.read(dcs);
    }
}
