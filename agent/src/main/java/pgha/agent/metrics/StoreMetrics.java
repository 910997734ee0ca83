package pgha.agent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import pgha.dcs.DcsReply;

/** How long the store takes to answer, by kind of call, and what it answers. Thread-safe; locks nothing. */
final class StoreMetrics {
    /** What is asked of the store. */
    enum Call {
        READ,
        RENEW,
        /** Granted or revoked. */
        LEASE,
        /** Taken, put under another lease, given up. */
        LEADER,
        WRITE
    }

    private final Map<Call, Timer> latency = new EnumMap<>(Call.class);
    private final Map<Call, Counter> refused = new EnumMap<>(Call.class);
    private final Map<Call, Counter> unanswered = new EnumMap<>(Call.class);

    StoreMetrics(MeterRegistry registry) {
        for (Call call : Call.values()) {
            String word = call.name().toLowerCase(Locale.ROOT);
            latency.put(
                    call,
                    Buckets.timer("pgha.store.call", Buckets.STORE)
                            .description("How long the store took to answer, or not to, by kind of call.")
                            .tag("call", word)
                            .register(registry));
            refused.put(call, replies(registry, word, "refused"));
            unanswered.put(call, replies(registry, word, "none"));
        }
    }

    private static Counter replies(MeterRegistry registry, String call, String reply) {
        return Counter.builder("pgha.store.failures")
                .description("Calls that the store refused, or did not answer, by kind of call.")
                .tag("call", call)
                .tag("reply", reply)
                .register(registry);
    }

    void took(Call call, Duration time, DcsReply<?> reply) {
        of(latency, call).record(time);
        switch (reply) {
            case DcsReply.Done<?> done -> {}
            case DcsReply.Refused<?> no -> of(refused, call).increment();
            case DcsReply.NoAnswer<?> none -> of(unanswered, call).increment();
        }
    }

    private static <T> T of(Map<Call, T> meters, Call call) {
        return Objects.requireNonNull(meters.get(call));
    }
}
