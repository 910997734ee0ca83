package pgha.agent.lease;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import pgha.agent.ha.LeaseTerm;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/**
 * The current term, and whether a writer runs under it.
 *
 * <p>Thread-safe: one atomic reference. The keeper publishes, whoever is about to start a writer arms, the loop retires
 * once the writer is known to be stopped. Losing the lease changes nothing here: the last term published goes on
 * counting down.
 */
public final class Terms {
    /** Hears of every change, on the thread that made it; must not block. */
    public interface Listener {
        void termsChanged();
    }

    private record Present(Optional<LeaseTerm> term, boolean armed, Moment inherited) {
        static final Present NONE = new Present(Optional.empty(), false, Moment.EARLIEST);
    }

    private final AtomicReference<Present> present = new AtomicReference<>(Present.NONE);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** A lease was granted or prolonged. */
    void publish(LeaseTerm term) {
        change(p -> new Present(Optional.of(term), p.armed(), Moment.EARLIEST));
    }

    public Optional<LeaseTerm> current() {
        return present().term();
    }

    /** A writer is about to run under {@code lease}; false if that is not the current one. */
    public boolean arm(LeaseId lease) {
        change(p -> isCurrent(p, lease) ? new Present(p.term(), true, p.inherited()) : p);
        Present now = present();
        return now.armed() && isCurrent(now, lease);
    }

    /** A writer of an earlier process runs, and its guard will strike at {@code fenceAt}. */
    public void inherit(Moment fenceAt) {
        change(p -> new Present(p.term(), true, fenceAt));
    }

    /** The writer is stopped: there is nothing left to strike at. */
    public void retireWriter() {
        change(p -> new Present(p.term(), false, Moment.EARLIEST));
    }

    /** The moment at which a writer is killed; {@link Moment#NEVER} while there is none. */
    public Moment fenceAt() {
        Present now = present();
        if (!now.armed()) {
            return Moment.NEVER;
        }
        return now.inherited().equals(Moment.EARLIEST)
                ? now.term().map(LeaseTerm::fenceAt).orElse(Moment.EARLIEST)
                : now.inherited();
    }

    public boolean isArmed() {
        return present().armed();
    }

    /** Whether something may be done at {@code now} that only a leader under {@code lease} may do. */
    public boolean allow(LeaseId lease, Moment now) {
        Present p = present();
        return p.armed() && serves(p, lease, now);
    }

    /** Whether {@code lease} is that of a term that is good at {@code now}, with or without a writer. */
    public boolean isServing(LeaseId lease, Moment now) {
        return serves(present(), lease, now);
    }

    private static boolean serves(Present p, LeaseId lease, Moment now) {
        return isCurrent(p, lease) && p.term().filter(term -> term.serves(now)).isPresent();
    }

    private static boolean isCurrent(Present p, LeaseId lease) {
        return p.term().filter(term -> term.lease().equals(lease)).isPresent();
    }

    private Present present() {
        return Objects.requireNonNull(present.get());
    }

    private void change(UnaryOperator<Present> how) {
        Present before = Objects.requireNonNull(present.getAndUpdate(how));
        if (!before.equals(present())) {
            listeners.forEach(Listener::termsChanged);
        }
    }
}
