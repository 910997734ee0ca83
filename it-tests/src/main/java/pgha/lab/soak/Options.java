package pgha.lab.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import pgha.lab.soak.Arena.Replication;

/** What the endurance run was asked for, as {@code key=value} words. */
record Options(
        String lab,
        List<Replication> replications,
        long seed,
        Duration time,
        Path logs,
        List<Plan> first,
        int from,
        int rounds) {
    private static final Set<String> KEYS =
            Set.of("lab", "replication", "seed", "for", "logs", "rounds", "round", "fault");
    private static final String AMID_SWITCHOVER = "+switchover";
    private static final String EVERY_FAULT = "all,all" + AMID_SWITCHOVER;
    private static final Duration FOR_EVER = Duration.ofDays(365);

    Options {
        replications = List.copyOf(replications);
        first = List.copyOf(first);
    }

    /** Throws {@link IllegalArgumentException} with a sentence if a word cannot be understood. */
    static Options parse(List<String> words) {
        Map<String, String> values = new HashMap<>();
        for (String word : words) {
            String[] parts = word.split("=", 2);
            if (parts.length != 2 || !KEYS.contains(parts[0])) {
                throw new IllegalArgumentException(
                        "cannot understand \"" + word + "\"; known are " + KEYS + ", each with =");
            }
            values.put(parts[0], parts[1]);
        }
        Optional<String> faults = Optional.ofNullable(values.get("fault"));
        Optional<String> round = Optional.ofNullable(values.get("round"));
        Optional<String> rounds = Optional.ofNullable(values.get("rounds"));
        boolean everything = faults.isEmpty() && round.isEmpty() && rounds.isEmpty();
        List<Plan> first = faults.or(() -> everything ? Optional.of(EVERY_FAULT) : Optional.empty())
                .map(list -> Arrays.stream(list.split(",")))
                .orElseGet(Stream::empty)
                .flatMap(Options::planned)
                .toList();
        return new Options(
                values.getOrDefault("lab", "soak"),
                replications(values.getOrDefault("replication", "asynchronous")),
                Optional.ofNullable(values.get("seed")).map(Long::valueOf).orElseGet(System::nanoTime),
                Optional.ofNullable(values.get("for")).map(Options::duration).orElse(FOR_EVER),
                Path.of(values.getOrDefault("logs", "target/soak-logs")),
                first,
                round.map(Integer::valueOf).orElse(1),
                everything ? Integer.MAX_VALUE : rounds.map(Integer::valueOf).orElse(round.isPresent() ? 1 : 0));
    }

    /** The rounds in their order, as many as were asked for. */
    Stream<Plan> plans() {
        return Stream.concat(
                first.stream(),
                IntStream.iterate(from, number -> number + 1)
                        .limit(rounds)
                        .mapToObj(number -> Plan.random(seed, number)));
    }

    /** The time that each kind of replication has. */
    Duration share() {
        return time.dividedBy(replications.size());
    }

    private static List<Replication> replications(String word) {
        return word.equals("both")
                ? List.of(Replication.values())
                : List.of(Replication.valueOf(word.toUpperCase(Locale.ROOT)));
    }

    /** What a word of {@code fault=} asks for: one fault, or all, each alone or amid a switchover. */
    private static Stream<Plan> planned(String word) {
        boolean amid = word.endsWith(AMID_SWITCHOVER);
        String name = amid ? word.substring(0, word.length() - AMID_SWITCHOVER.length()) : word;
        Stream<Fault> faults = name.equals("all")
                ? Arrays.stream(Fault.values())
                : Stream.of(Fault.valueOf(name.toUpperCase(Locale.ROOT)));
        return amid ? faults.filter(fault -> !fault.isSwitchover()).map(Plan::amidSwitchover) : faults.map(Plan::alone);
    }

    private static Duration duration(String text) {
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default ->
                throw new IllegalArgumentException(
                        "cannot understand the duration \"" + text + "\"; e.g. 90s, 30m, 8h");
        };
    }
}
