package pgha.agent.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pgha.agent.postgres.PostgresConfig.Bootstrap;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.MemberName;

/** Settings for tests: member pg-1 of cluster demo, below one directory. Stateless. */
final class Configs {
    private static final Names USUAL = new Names("postgresql", Optional.empty());

    private record Names(String configBase, Optional<String> kerberosService) {}

    private Configs() {}

    static PostgresConfig in(Path directory, Map<String, String> parameters) {
        return in(directory, parameters, Optional.empty());
    }

    static PostgresConfig withCustomConf(Path directory, Path customConf) {
        return in(directory, Map.of(), Optional.empty(), Optional.of(customConf), USUAL);
    }

    static PostgresConfig in(Path directory, Map<String, String> parameters, Optional<List<String>> pgHba) {
        return in(directory, parameters, pgHba, Optional.empty(), USUAL);
    }

    static PostgresConfig withConfigBaseName(Path directory, String name) {
        return in(directory, Map.of(), Optional.empty(), Optional.empty(), new Names(name, Optional.empty()));
    }

    static PostgresConfig withKerberosServiceName(Path directory, String name) {
        return in(directory, Map.of(), Optional.empty(), Optional.empty(), new Names("postgresql", Optional.of(name)));
    }

    private static PostgresConfig in(
            Path directory,
            Map<String, String> parameters,
            Optional<List<String>> pgHba,
            Optional<Path> customConf,
            Names names) {
        return new PostgresConfig(
                "demo",
                new MemberName("pg-1"),
                directory.resolve("data"),
                directory.resolve("data"),
                names.configBase(),
                Optional.empty(),
                directory.resolve("run"),
                directory.resolve("log"),
                "10.77.0.1",
                5432,
                new HostPort("10.77.0.1", 5432),
                "postgres",
                names.kerberosService(),
                user("postgres"),
                user("replicator"),
                Optional.empty(),
                new TreeMap<>(parameters),
                customConf,
                pgHba,
                Optional.empty(),
                PostgresConfig.ForRole.NOTHING,
                PostgresConfig.ForRole.NOTHING,
                directory.resolve("pgpass"),
                true,
                false,
                new Bootstrap(
                        List.of(), List.of("host all all 0.0.0.0/0 scram-sha-256"), Optional.empty(), Optional.empty()),
                List.of(new ReplicaMethod.Basebackup()),
                List.of(),
                List.of(),
                Duration.ofSeconds(10),
                Hooks.NONE);
    }

    static Credentials user(String name) {
        return new Credentials(name, Optional.of("secret of " + name), new TreeMap<>());
    }
}
