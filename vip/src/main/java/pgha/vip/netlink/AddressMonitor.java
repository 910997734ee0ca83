package pgha.vip.netlink;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import pgha.vip.linux.Errno;
import pgha.vip.linux.ErrnoException;
import pgha.vip.netlink.AddressChange.Ended;
import pgha.vip.netlink.AddressChange.LookAgain;

/**
 * Tells when somebody changes our addresses, or the link under them.
 *
 * <p>Has a thread of its own, which waits in the kernel and calls the listener; {@link #close} is for any thread. The
 * copies that are there at the beginning are told as well, from a listing on the same socket, so nothing falls between
 * looking and listening. After an overrun of the socket's buffer it says {@link LookAgain} and lists anew.
 */
public final class AddressMonitor implements AutoCloseable {
    private static final int RTMGRP_LINK = 0x1;
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final NetlinkSocket socket;
    private final AddressTable table;
    private final Consumer<AddressChange> listener;
    private final Thread thread;

    /** Guards the socket's end: its file descriptor must not be used once the reader has closed it. */
    private final ReentrantLock ending = new ReentrantLock();

    private volatile boolean isClosing;
    private boolean isEnded;
    private Listing listing = Listing.NONE;
    private Sequence listingSequence = Sequence.NONE;

    /** The kernel gives one listing at a time. */
    private enum Listing {
        LINKS,
        ADDRESSES,
        NONE
    }

    private AddressMonitor(
            NetlinkSocket socket, Set<InetAddress> watched, Consumer<AddressChange> listener, ThreadFactory threads) {
        this.socket = socket;
        this.table = new AddressTable(watched);
        this.listener = listener;
        this.thread = threads.newThread(this::run);
    }

    /**
     * Starts to watch, in the network namespace of the calling thread.
     *
     * @param listener called on the monitor's thread; while it runs, nothing else is told
     */
    public static AddressMonitor start(
            Set<InetAddress> watched, Consumer<AddressChange> listener, ThreadFactory threads) throws ErrnoException {
        int groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
        NetlinkSocket socket = NetlinkSocket.listening(NetlinkSocket.Protocol.ROUTE, groups);
        AddressMonitor monitor = new AddressMonitor(socket, watched, listener, threads);
        monitor.thread.start();
        return monitor;
    }

    private void run() {
        Optional<String> failure = Optional.empty();
        try {
            list(Listing.LINKS);
            while (!isClosing) {
                receiveOnce();
            }
        } catch (ErrnoException e) {
            failure = Optional.of("cannot watch the addresses of this host: " + e.getMessage());
        } finally {
            end();
        }
        failure.map(Ended::new).ifPresent(listener);
    }

    private void receiveOnce() throws ErrnoException {
        List<NetlinkMessage> messages;
        try {
            messages = socket.receive();
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOBUFS)) {
                throw e;
            }
            // The end of a running listing may be among what was lost: begin at its beginning.
            table.forgetCopies();
            listener.accept(new LookAgain());
            list(Listing.LINKS);
            return;
        }
        for (NetlinkMessage message : messages) {
            boolean isOfListing = listing != Listing.NONE && message.sequence().equals(listingSequence);
            if (isOfListing && (message.isDone() || message.isAck())) {
                next(message);
            } else if (!isTooEarly(message)) {
                table.accept(message, isOfListing).forEach(listener);
            }
        }
    }

    /** Its interface may have no name yet, and the listing of the addresses, which has it as well, is still to come. */
    private boolean isTooEarly(NetlinkMessage message) {
        return listing == Listing.LINKS && message.type() == AddressMessage.RTM_NEWADDR;
    }

    private void next(NetlinkMessage end) throws ErrnoException {
        Errno errno = end.errno();
        // The listing that an overrun cut short still runs in the kernel: it ends as we read it.
        boolean isBusy = errno.equals(Errno.EBUSY);
        if (errno.number() != 0 && !isBusy) {
            throw new ErrnoException("RTM_GETLINK, RTM_GETADDR", errno, end.kernelSays());
        }
        switch (listing) {
            case LINKS -> list(isBusy ? Listing.LINKS : Listing.ADDRESSES);
            case ADDRESSES -> listing = Listing.NONE;
            case NONE -> throw new IllegalStateException("the end of a listing that nobody asked for");
        }
    }

    private void list(Listing what) throws ErrnoException {
        listing = what;
        listingSequence = socket.send(what == Listing.LINKS ? LinkMessage.list() : AddressMessage.list());
    }

    private void end() {
        ending.lock();
        try {
            isEnded = true;
            socket.close();
        } finally {
            ending.unlock();
        }
    }

    /** Ends the thread and waits for it, unless it is the caller: afterwards the listener is not called any more. */
    @Override
    public void close() {
        isClosing = true;
        wake();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        ending.lock();
        try {
            if (!isEnded) {
                socket.wakeReceiver();
            }
        } catch (ErrnoException e) {
            // No memory for one message: the reader sees isClosing with the next notification instead.
            assert isClosing;
        } finally {
            ending.unlock();
        }
    }
}
