package pgha.agent.address;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.agent.ha.VipState;
import pgha.agent.lease.Terms;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.vip.AddressLifetime;
import pgha.vip.AnnouncementSchedule;
import pgha.vip.Binding;
import pgha.vip.Vip;
import pgha.vip.VipBinder;
import pgha.vip.VipReply;
import pgha.vip.VipReply.Done;
import pgha.vip.VipReply.Failed;
import pgha.vip.VipReply.Withdrawn;
import pgha.vip.VipView;

/**
 * How the addresses of this node are bound, extended, announced and unbound.
 *
 * <p>Confined to its owner: the thread of {@link AddressKeeper}, or a simulation. What it does to the kernel it tells the
 * loop as an event. An address is bound with a lifetime that ends with the term, so that it goes even if everything here
 * is dead.
 */
public final class AddressKeeping {
    private final List<Vip> vips;
    private final VipBinder binder;
    private final Terms terms;
    private final Supplier<Moment> clock;
    private final Consumer<Event> events;
    private final Logger log;

    /** Since when they are bound. */
    private @Nullable Tenancy tenancy;
    /** The last complaint, so that it is said once. */
    private String complaint = "";

    /** @param held without a term, while fencing is off */
    private record Tenancy(Moment since, Moment announceAt, boolean toWriter, boolean held) {
        Tenancy announced(Moment now) {
            Duration next = AnnouncementSchedule.STANDARD.nextAfter(since.until(now));
            return new Tenancy(since, since.plus(next), toWriter, held);
        }

        Tenancy underTerm() {
            return new Tenancy(since, announceAt, toWriter, false);
        }
    }

    public AddressKeeping(
            List<Vip> vips, VipBinder binder, Terms terms, Supplier<Moment> clock, Consumer<Event> events, Logger log) {
        this.vips = List.copyOf(vips);
        this.binder = binder;
        this.terms = terms;
        this.clock = clock;
        this.events = events;
        this.log = log;
    }

    /** As long as its lease is that of a good term. */
    public void bind(Action.BindVip order) {
        Moment now = clock.get();
        bindAll(new Tenancy(now, now, order.toWriter(), false), vip -> bind(vip, order));
    }

    /** For as long as nobody unbinds them: fencing is off. */
    public void hold() {
        Moment now = clock.get();
        bindAll(new Tenancy(now, now, true, true), vip -> bind(vip, AddressLifetime.FOREVER, () -> true));
    }

    private void bindAll(Tenancy begun, Predicate<Vip> binding) {
        boolean all = true;
        for (Vip vip : vips) {
            all &= binding.test(vip);
        }
        if (all) {
            tenancy = begun.announced(begun.since());
            complaint = "";
        }
        events.accept(new Event.VipObserved(state()));
        events.accept(
                all
                        ? new Event.Completed(ActionKey.BIND_VIP, Optional.empty())
                        : new Event.Refused(ActionKey.BIND_VIP, "the address could not be bound"));
    }

    private boolean bind(Vip vip, Action.BindVip order) {
        Optional<AddressLifetime> lifetime = lifetime(order.under(), clock.get());
        return lifetime.isPresent() && bind(vip, lifetime.get(), () -> isAllowed(order.under(), order.toWriter()));
    }

    /** Without a writer nothing is armed that would end with the term: its lifetime ends the address by itself. */
    private boolean isAllowed(LeaseId under, boolean toWriter) {
        return toWriter ? terms.allow(under, clock.get()) : terms.isServing(under, clock.get());
    }

    private boolean bind(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed) {
        return switch (binder.bind(vip, lifetime, stillAllowed)) {
            case Done<Binding> done -> {
                binder.announce(vip);
                log.info(
                        "bound {} on {}, for {} unless extended{}",
                        vip.address().getHostAddress(),
                        done.value().interfaceName(),
                        done.value().lifetime(),
                        done.value().replaced().isEmpty()
                                ? ""
                                : ", in place of "
                                        + String.join(", ", done.value().replaced()));
                yield true;
            }
            case Withdrawn<Binding> withdrawn -> false;
            case Failed<Binding> failed -> complain(failed.why());
        };
    }

    /** The term was prolonged: so is the address. */
    public void extend() {
        Moment now = clock.get();
        boolean toWriter = tenancy == null || tenancy.toWriter();
        Optional<LeaseTerm> term = terms.current().filter(t -> isAllowed(t.lease(), toWriter));
        if (term.isEmpty()) {
            return;
        }
        LeaseId lease = term.get().lease();
        if (tenancy != null) {
            tenancy = tenancy.underTerm();
            extend(lease, now, toWriter);
        } else if (state() == VipState.BOUND) {
            // Left by an agent before us: without this the kernel would drop it in the middle of our term.
            bind(new Action.BindVip(lease, true));
        }
    }

    private void extend(LeaseId lease, Moment now, boolean toWriter) {
        boolean all = true;
        for (Vip vip : vips) {
            VipReply<Binding> reply =
                    binder.extend(vip, lifetime(lease, now).orElseThrow(), () -> isAllowed(lease, toWriter));
            all &= reply instanceof Done<Binding>;
        }
        if (!all) {
            observe();
        }
    }

    /**
     * What an agent before us left, in a pause perhaps without a lifetime, goes when its server would be stopped. It is
     * never kept for longer than it has: a lifetime is a second at least, and less may be left.
     */
    public void inherit(Moment fenceAt, Timing timing) {
        if (state() == VipState.NOT_BOUND || state() == VipState.NOT_CONFIGURED) {
            return;
        }
        Duration left = clock.get().until(fenceAt);
        AddressLifetime lifetime =
                AddressLifetime.within(left.plus(timing.killBudget()), left.minus(timing.stopBudget()));
        vips.stream()
                .filter(vip -> !goesWithin(lifetime, binder.observe(vip)))
                .forEach(vip -> binder.extend(vip, lifetime, () -> true));
    }

    private static boolean goesWithin(AddressLifetime lifetime, VipView view) {
        return view instanceof VipView.Bound bound
                && bound.remaining()
                        .filter(left -> left.compareTo(Duration.ofSeconds(lifetime.seconds())) <= 0)
                        .isPresent();
    }

    private Optional<AddressLifetime> lifetime(LeaseId lease, Moment now) {
        return terms.current()
                .filter(term -> term.lease().equals(lease) && term.serves(now))
                .map(term -> AddressLifetime.within(now.until(term.expiresAt()), now.until(term.demoteAt())));
    }

    public void unbind() {
        tenancy = null;
        boolean all = true;
        for (Vip vip : vips) {
            switch (binder.unbind(vip)) {
                case Done<List<String>> done -> done.value().forEach(copy -> log.info("unbound {}", copy));
                case Withdrawn<List<String>> withdrawn -> {}
                case Failed<List<String>> failed -> all = complain(failed.why());
            }
        }
        events.accept(new Event.VipObserved(state()));
        events.accept(
                all
                        ? new Event.Completed(ActionKey.UNBIND_VIP, Optional.empty())
                        : new Event.Refused(ActionKey.UNBIND_VIP, complaint));
    }

    /** Says what is bound. */
    public void observe() {
        events.accept(new Event.VipObserved(state()));
    }

    /** All of them together. */
    private VipState state() {
        if (vips.isEmpty()) {
            return VipState.NOT_CONFIGURED;
        }
        int bound = 0;
        for (Vip vip : vips) {
            switch (binder.observe(vip)) {
                case VipView.Bound b -> bound++;
                case VipView.NotBound n -> {}
                case VipView.Unknown unknown -> {
                    complain("cannot see whether %s is bound: %s".formatted(vip, unknown.why()));
                    return VipState.UNKNOWN;
                }
            }
        }
        if (bound == 0) {
            return VipState.NOT_BOUND;
        }
        return bound == vips.size() ? VipState.BOUND : VipState.PARTLY_BOUND;
    }

    /** When {@link #announceIfDue} is to be called next; empty while nothing is bound. */
    public Optional<Moment> announceAt() {
        return Optional.ofNullable(tenancy).map(Tenancy::announceAt);
    }

    public void announceIfDue() {
        Tenancy present = tenancy;
        Moment now = clock.get();
        if (present == null || now.isBefore(present.announceAt())) {
            return;
        }
        if (mayAnnounce(present)) {
            vips.forEach(binder::announce);
        }
        tenancy = present.announced(now);
    }

    /**
     * A host that has stood still over the end of its lease runs again before its kernel drops the address: a frame from
     * it would take the clients away from who leads since then, until that one announces anew.
     */
    private boolean mayAnnounce(Tenancy present) {
        return present.held()
                || terms.current()
                        .filter(term -> isAllowed(term.lease(), present.toWriter()))
                        .isPresent();
    }

    private boolean complain(String sentence) {
        if (!sentence.equals(complaint)) {
            log.warn(sentence);
            complaint = sentence;
        }
        return false;
    }
}
