package pgha.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A file that was read again, with what a running agent cannot take over left as it was at its start.
 *
 * <p>Pure. Under another name this node would see its own lease as somebody else's and stop its primary; in another
 * directory it would write the files of a server that it does not run. Where the server listens changes with its
 * restart, which an agent that ends begins with; until then nobody is told to connect to the new port.
 *
 * @param config what is in force
 * @param kept the keys whose new values are not
 */
public record FixedAtStart(AgentConfig config, List<String> kept) {
    public FixedAtStart {
        kept = List.copyOf(kept);
    }

    /** One sentence for the log if anything was left as it was. */
    public Optional<String> warning() {
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of("%s: needs a restart of the agent; the value of its start stays in force"
                        .formatted(String.join(", ", kept)));
    }

    /** @param next as the file has it now */
    public static FixedAtStart of(AgentConfig start, AgentConfig next) {
        AgentConfig config = new AgentConfig(
                start.scope(),
                start.namespace(),
                start.name(),
                next.log(),
                next.rest(),
                start.ctl(),
                next.dcs().withPrefix(start.dcs().prefix()),
                next.bootstrap(),
                next.postgres().inThePlaceOf(start.postgres()),
                next.tags(),
                start.watchdog(),
                start.vips());
        return new FixedAtStart(config, differing(start, next));
    }

    private static List<String> differing(AgentConfig start, AgentConfig next) {
        List<String> keys = new ArrayList<>();
        note(keys, "scope", AgentConfig::scope, start, next);
        note(keys, "namespace", AgentConfig::namespace, start, next);
        note(keys, "name", AgentConfig::name, start, next);
        note(keys, "ctl", AgentConfig::ctl, start, next);
        note(keys, "postgresql.data_dir", PostgresConfig::dataDirectory, start.postgres(), next.postgres());
        note(keys, "postgresql.config_dir", PostgresConfig::configDirectory, start.postgres(), next.postgres());
        note(keys, "postgresql.config_base_name", PostgresConfig::configBaseName, start.postgres(), next.postgres());
        note(keys, "postgresql.bin_dir", PostgresConfig::binDirectory, start.postgres(), next.postgres());
        note(keys, "the port in postgresql.listen", PostgresConfig::port, start.postgres(), next.postgres());
        note(
                keys,
                "the port in postgresql.connect_address",
                postgres -> postgres.connectAddress().port(),
                start.postgres(),
                next.postgres());
        note(keys, "watchdog", AgentConfig::watchdog, start, next);
        note(keys, "vip", AgentConfig::vips, start, next);
        return keys;
    }

    private static <T> void note(List<String> keys, String key, Function<T, Object> value, T start, T next) {
        if (!value.apply(start).equals(value.apply(next))) {
            keys.add(key);
        }
    }
}
