package pgha.lab.workload;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers all attempts of all clients. Thread-safe. */
public final class Journal {
    /** The target of attempts that go to whoever has the virtual address. */
    public static final String VIP = "vip";

    private final Collection<Attempt> attempts = new ConcurrentLinkedQueue<>();

    void add(Attempt attempt) {
        attempts.add(attempt);
    }

    /** All so far, in the order of their ends. */
    public List<Attempt> attempts() {
        return attempts.stream()
                .sorted(Comparator.comparingLong(Attempt::endedAt))
                .toList();
    }

    public List<Attempt> acknowledged() {
        return attempts().stream().filter(Attempt::isAcknowledged).toList();
    }

    /** The first attempt through the VIP that was both begun and acknowledged after {@code moment}. */
    public Optional<Attempt> firstViaVipAfter(long moment) {
        return acknowledged().stream()
                .filter(attempt -> attempt.target().equals(VIP))
                .filter(attempt -> attempt.sentAt() - moment > 0)
                .findFirst();
    }
}
