package pgha.dcs.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import pgha.dcs.model.HostPort;

/**
 * One server of a service, as its SRV record says (RFC 2782).
 *
 * <p>Immutable; every method is pure but for the random numbers it is given.
 *
 * @param priority 0 to 65535; those of a higher number are for when none of the lower ones can be reached
 * @param weight 0 to 65535; among those of one priority, how large a share of the clients begins with this one
 * @param target without the dot at its end
 */
public record SrvRecord(int priority, int weight, HostPort target) {
    private static final Pattern HOST = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");

    /**
     * Reads {@code priority weight port target}, as master files have it and JNDI gives it.
     *
     * <p>Empty for the target {@code .}, by which a domain says that it has no such service.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static Optional<SrvRecord> parse(String text) {
        String[] parts = text.strip().split("\\s+", -1);
        if (parts.length != 4) {
            throw notARecord(text);
        }
        String host = parts[3].replaceFirst("\\.$", "");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        if (!HOST.matcher(host).matches()) {
            throw notARecord(text);
        }
        return Optional.of(new SrvRecord(
                number(parts[0], text), number(parts[1], text), new HostPort(host, number(parts[2], text))));
    }

    private static int number(String part, String text) {
        if (!part.matches("\\d{1,5}") || Integer.parseInt(part) > 65535) {
            throw notARecord(text);
        }
        return Integer.parseInt(part);
    }

    private static IllegalArgumentException notARecord(String text) {
        return new IllegalArgumentException(
                "not an SRV record: \"" + text + "\"; expected priority weight port target");
    }

    /**
     * The order in which a client tries them: by priority, and within one by lot, in which a weight is so many tickets.
     */
    public static List<SrvRecord> inOrder(List<SrvRecord> records, RandomGenerator random) {
        // Those without weight come first in their priority, so that a ticket of zero, which is rare, finds them.
        List<SrvRecord> left = new ArrayList<>(records);
        left.sort(Comparator.comparingInt(SrvRecord::priority).thenComparingInt(SrvRecord::weight));
        List<SrvRecord> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            ordered.add(left.remove(drawn(left, random)));
        }
        return ordered;
    }

    /** The index of the first whose tickets, added to those of the ones before it, reach the number drawn. */
    private static int drawn(List<SrvRecord> left, RandomGenerator random) {
        int priority = left.getFirst().priority();
        int tickets = left.stream()
                .filter(record -> record.priority() == priority)
                .mapToInt(SrvRecord::weight)
                .sum();
        int ticket = random.nextInt(tickets + 1);
        int index = 0;
        int sum = left.getFirst().weight();
        while (sum < ticket) {
            index++;
            sum += left.get(index).weight();
        }
        return index;
    }
}
