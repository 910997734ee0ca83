package pgha.vip;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Port: puts an address on this host until a deadline, and takes it off again.
 *
 * <p>Thread-safe: requests to one binder exclude each other. Two binders, even in two processes, may work on the same
 * address: whoever unbinds wins over a bind whose permission has ended, because a bind asks for it again after the
 * kernel's ack and undoes itself. Replies are values; nothing here throws for what a kernel may answer.
 */
public interface VipBinder {
    /**
     * Binds the address, or renews it if it is bound, and removes every other copy of it from this host.
     *
     * @param stillAllowed asked before and again after the kernel's ack; cheap, from any thread
     */
    VipReply<Binding> bind(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed);

    /** The name of the interface that it would be bound on; changes nothing. */
    VipReply<String> placeFor(Vip vip);

    /** Gives a bound address a new lifetime. Fails if it is not bound any more: then bind and announce it. */
    VipReply<Binding> extend(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed);

    /**
     * Removes every copy of the address from every interface, whoever added it and under whatever prefix.
     *
     * @return the copies removed, for people: {@code 10.0.0.9/24 on eth0}; none if there was none
     */
    VipReply<List<String>> unbind(Vip vip);

    VipView observe(Vip vip);

    /**
     * Tells the neighbours once that the address is here.
     *
     * @return how many frames went out; zero on a link without Ethernet addresses
     */
    VipReply<Integer> announce(Vip vip);

    /**
     * Ends every TCP connection of this host whose local address it is, with a RST to the peer. Only works while the
     * address is bound: without it nothing can leave.
     *
     * @return how many
     */
    VipReply<Integer> resetConnections(Vip vip);
}
