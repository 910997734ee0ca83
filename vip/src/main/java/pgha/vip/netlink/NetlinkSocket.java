package pgha.vip.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import pgha.vip.linux.Errno;
import pgha.vip.linux.ErrnoException;
import pgha.vip.linux.MessageWriter;
import pgha.vip.linux.RawSocket;

/**
 * A conversation with the kernel: one request, one ack or one listing.
 *
 * <p>Confined to one thread at a time. Only what the kernel itself sends is believed: any process may send to a netlink
 * port. Answers to earlier requests that came too late are skipped by their sequence number.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** Who is asked: addresses and links, or TCP sockets. */
    public enum Protocol {
        ROUTE(0),
        SOCK_DIAG(4);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }
    }

    private static final int AF_NETLINK = 16;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int ADDRESS_LENGTH = 12;
    private static final int PORT_OFFSET = 4;
    private static final int LISTING_ATTEMPTS = 5;

    /** The kernel answers within the system call that asks: this is for a kernel that does not. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(500);

    private static final byte[] KERNEL = socketAddress(0);

    private final RawSocket socket;
    private final byte[] datagram = new byte[64 * 1024];
    private final byte[] sender = new byte[ADDRESS_LENGTH];
    private Sequence last = Sequence.NONE;

    private NetlinkSocket(RawSocket socket) {
        this.socket = socket;
    }

    public static NetlinkSocket open(Protocol protocol) throws ErrnoException {
        NetlinkSocket opened = listening(protocol, 0);
        opened.socket.setReceiveTimeout(ANSWER_TIMEOUT);
        return opened;
    }

    /** One that also receives what happens in these multicast groups, and waits for it without a limit. */
    static NetlinkSocket listening(Protocol protocol, int groups) throws ErrnoException {
        RawSocket socket = RawSocket.open(AF_NETLINK, protocol.number);
        try {
            socket.bind(socketAddress(groups));
            socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
        return new NetlinkSocket(socket);
    }

    /** Sends a request that changes something and waits for its ack. EAGAIN means that it may have happened. */
    public void change(String what, NetlinkMessage request) throws ErrnoException {
        Sequence sequence = send(request);
        while (true) {
            for (NetlinkMessage answer : receive()) {
                if (answer.sequence().equals(sequence) && answer.isAck()) {
                    throwUnlessZero(what, answer);
                    return;
                }
            }
        }
    }

    /** Everything the kernel lists, at one moment: a listing that the kernel calls inconsistent is asked for again. */
    public List<InterfaceAddress> addresses() throws ErrnoException {
        return list("RTM_GETADDR", AddressMessage.list()).stream()
                .map(AddressMessage::decode)
                .flatMap(Optional::stream)
                .toList();
    }

    public List<Link> links() throws ErrnoException {
        return list("RTM_GETLINK", LinkMessage.list()).stream()
                .map(LinkMessage::decode)
                .flatMap(Optional::stream)
                .toList();
    }

    public List<SocketMessage.TcpSocket> sockets(NetlinkMessage request) throws ErrnoException {
        return list("SOCK_DIAG_BY_FAMILY", request).stream()
                .map(SocketMessage::decode)
                .flatMap(Optional::stream)
                .toList();
    }

    private List<NetlinkMessage> list(String what, NetlinkMessage request) throws ErrnoException {
        for (int attempt = 1; attempt < LISTING_ATTEMPTS; attempt++) {
            List<NetlinkMessage> entries = listOnce(what, request);
            if (entries.stream().noneMatch(NetlinkMessage::isInconsistent)) {
                return entries;
            }
        }
        return listOnce(what, request);
    }

    private List<NetlinkMessage> listOnce(String what, NetlinkMessage request) throws ErrnoException {
        Sequence sequence = send(request);
        List<NetlinkMessage> entries = new ArrayList<>();
        while (true) {
            for (NetlinkMessage answer : receive()) {
                if (!answer.sequence().equals(sequence)) {
                    continue;
                }
                if (answer.isAck() || answer.isDone()) {
                    throwUnlessZero(what, answer);
                    return entries;
                }
                entries.add(answer);
            }
        }
    }

    /** Sends without waiting; what comes of it is read with {@link #receive}. */
    Sequence send(NetlinkMessage request) throws ErrnoException {
        last = last.next();
        socket.send(request.encode(last), KERNEL);
        return last;
    }

    /** Makes {@link #receive} return once; from any thread. */
    void wakeReceiver() throws ErrnoException {
        socket.send(NetlinkMessage.noop().encode(Sequence.NONE), KERNEL);
    }

    /** The messages of the next datagram; none if somebody else than the kernel sent it. */
    List<NetlinkMessage> receive() throws ErrnoException {
        int length = socket.receive(datagram, sender);
        int port = ByteBuffer.wrap(sender).order(ByteOrder.nativeOrder()).getInt(PORT_OFFSET);
        return port == 0 ? NetlinkMessage.decode(Arrays.copyOf(datagram, length)) : List.of();
    }

    private static void throwUnlessZero(String what, NetlinkMessage answer) throws ErrnoException {
        Errno errno = answer.errno();
        if (errno.number() != 0) {
            throw new ErrnoException(what, errno, answer.kernelSays());
        }
    }

    /** struct sockaddr_nl: family, padding, port (0: the kernel, or let it choose), groups. */
    private static byte[] socketAddress(int groups) {
        return new MessageWriter()
                .putShort(AF_NETLINK)
                .putShort(0)
                .putInt(0)
                .putInt(groups)
                .toBytes();
    }

    @Override
    public void close() {
        socket.close();
    }
}
