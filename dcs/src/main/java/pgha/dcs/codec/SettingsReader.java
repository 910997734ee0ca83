package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SynchronousMode;

/**
 * Reads the settings document: defaults, clamps and sentences about what was changed on the way.
 *
 * <p>Confined to one call. Patroni's limits, but for the floor of {@code ttl}: a lease of 5 seconds is enough for the
 * budgets of fencing, so that is ours.
 */
final class SettingsReader {
    private static final long LEAST_TTL = 5;
    private static final long LEAST_LOOP_WAIT = 1;
    private static final long LEAST_RETRY_TIMEOUT = 3;

    private static final ByteCount DEFAULT_LAG = new ByteCount(1_048_576);

    private final ObjectNode document;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> objections = new ArrayList<>();

    SettingsReader(ObjectNode document) {
        this.document = document;
    }

    private record Timing(long ttl, long loopWait, long retryTimeout) {}

    ClusterSettings read(Revision revision) {
        Timing timing = timing();
        boolean strict = flag("synchronous_mode_strict");
        long nodes = Math.max(whole("synchronous_node_count", 1), strict ? 1 : 0);
        return new ClusterSettings(
                Duration.ofSeconds(timing.ttl),
                Duration.ofSeconds(timing.loopWait),
                Duration.ofSeconds(timing.retryTimeout),
                lag(),
                seconds(preferred("primary_start_timeout", "master_start_timeout"), 300),
                seconds(preferred("primary_stop_timeout", "master_stop_timeout"), 0),
                seconds("primary_race_backoff", 0),
                flag("check_timeline"),
                Math.clamp(whole("max_timelines_history", 0), 0, Integer.MAX_VALUE),
                synchronousMode(),
                strict,
                Math.clamp(nodes, 0, Integer.MAX_VALUE),
                new ByteCount(Math.max(0, whole("maximum_lag_on_syncnode", -1))),
                flag("failsafe_mode"),
                flag("pause"),
                slotRetention(),
                new SlotRulesReader(document, warnings).read(),
                StandbyReader.read(document),
                postgres(),
                Json.write(document),
                revision,
                warnings);
    }

    /** After reading: the values that are not understood at all, with what would be; a sentence each. */
    List<String> objections() {
        return List.copyOf(objections);
    }

    /** Patroni casts these three with {@code int()} and rejects the whole document if it cannot. */
    private Timing timing() {
        long ttl = atLeast("ttl", LEAST_TTL, cast("ttl", 30));
        long loopWait = atLeast("loop_wait", LEAST_LOOP_WAIT, cast("loop_wait", 10));
        long retryTimeout = atLeast("retry_timeout", LEAST_RETRY_TIMEOUT, cast("retry_timeout", 10));
        if (LEAST_LOOP_WAIT + 2 * retryTimeout > ttl) {
            long shorter = (ttl - 1) / 2;
            warnings.add("retry_timeout: twice %ds and loop_wait do not fit into ttl %ds; using %ds instead of %ds"
                    .formatted(retryTimeout, ttl, shorter, retryTimeout));
            if (loopWait != LEAST_LOOP_WAIT) {
                warnings.add("loop_wait: %ds does not fit into ttl %ds; using %ds instead of %ds"
                        .formatted(loopWait, ttl, LEAST_LOOP_WAIT, loopWait));
            }
            return new Timing(ttl, LEAST_LOOP_WAIT, shorter);
        }
        if (loopWait + 2 * retryTimeout > ttl) {
            long shorter = ttl - 2 * retryTimeout;
            warnings.add("loop_wait: %ds and twice retry_timeout %ds do not fit into ttl %ds; using %ds instead of %ds"
                    .formatted(loopWait, retryTimeout, ttl, shorter, loopWait));
            return new Timing(ttl, shorter, retryTimeout);
        }
        return new Timing(ttl, loopWait, retryTimeout);
    }

    private long atLeast(String key, long least, long value) {
        if (value >= least) {
            return value;
        }
        warnings.add("%s: %ds is too short; using %ds instead of %ds".formatted(key, value, least, value));
        return least;
    }

    private long cast(String key, long otherwise) {
        JsonNode value = document.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        try {
            return value.isNumber()
                    ? value.decimalValue().longValue()
                    : new BigDecimal(value.asText().strip()).toBigIntegerExact().longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(key + ": " + value + " is not a number of seconds", e);
        }
    }

    private ByteCount lag() {
        long bytes = whole("maximum_lag_on_failover", DEFAULT_LAG.value());
        if (bytes < 0) {
            warnings.add(
                    "maximum_lag_on_failover: %d is negative; using %d instead".formatted(bytes, DEFAULT_LAG.value()));
            return DEFAULT_LAG;
        }
        return new ByteCount(bytes);
    }

    private Duration seconds(String key, long otherwise) {
        long value = whole(key, otherwise);
        if (value < 0) {
            warnings.add("%s: %ds is negative; using %ds instead".formatted(key, value, otherwise));
            return Duration.ofSeconds(otherwise);
        }
        return Duration.ofSeconds(value);
    }

    private Duration slotRetention() {
        Optional<Long> seconds =
                Json.text(document, "member_slots_ttl").flatMap(text -> Scalars.parseInteger(text, "s"));
        complainUnless(seconds.isPresent(), "member_slots_ttl", "a number of seconds", "1800");
        return Duration.ofSeconds(Math.max(0, seconds.orElse(1800L)));
    }

    private SynchronousMode synchronousMode() {
        String text = Json.text(document, "synchronous_mode").orElse("off");
        if (text.equalsIgnoreCase("quorum")) {
            return SynchronousMode.QUORUM;
        }
        return flag("synchronous_mode", "on, off or quorum") ? SynchronousMode.ON : SynchronousMode.OFF;
    }

    private String preferred(String key, String alias) {
        return document.has(key) || !document.has(alias) ? key : alias;
    }

    private long whole(String key, long otherwise) {
        Optional<Long> value = Json.text(document, key).flatMap(Scalars::parseInteger);
        complainUnless(value.isPresent(), key, "a whole number", Long.toString(otherwise));
        return value.orElse(otherwise);
    }

    private boolean flag(String key) {
        return flag(key, "true or false");
    }

    private boolean flag(String key, String wanted) {
        Optional<Boolean> value = flag(document, key);
        complainUnless(value.isPresent(), key, wanted, "off");
        return value.orElse(false);
    }

    private static Optional<Boolean> flag(JsonNode parent, String key) {
        return Json.text(parent, key).flatMap(Scalars::parseBoolean);
    }

    private void complainUnless(boolean understood, String key, String wanted, String used) {
        if (!understood && document.hasNonNull(key)) {
            String found = Json.excerpt(document.path(key).asText());
            objections.add("%s: expected %s, found %s".formatted(key, wanted, found));
            warnings.add("%s: %s is not understood; using %s".formatted(key, document.path(key), used));
        }
    }

    private ClusterSettings.Postgres postgres() {
        JsonNode section = document.path("postgresql");
        return new ClusterSettings.Postgres(
                flag(section, "use_pg_rewind"), flag(section, "use_slots").orElse(true));
    }
}
