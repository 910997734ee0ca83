package pgha.vip.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgha.vip.linux.MessageWriter;

/**
 * Encodes and decodes the requests that list and destroy TCP sockets (NETLINK_SOCK_DIAG). Pure.
 *
 * <p>Layout from linux/inet_diag.h. A request is family, protocol, extensions, padding (a byte each), mask of states (4)
 * and the socket's identity (48); an answer is family, state, timer, retransmissions (a byte each), identity, counters.
 */
public final class SocketMessage {
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int SOCK_DESTROY = 21;
    private static final int IPPROTO_TCP = 6;
    private static final int INET_DIAG_REQ_BYTECODE = 1;
    private static final int INET_DIAG_BC_S_COND = 7;
    private static final int IDENTITY_LENGTH = 48;
    private static final int ANY_STATE = 0xFFFF_FFFF;

    /** TIME_WAIT (6), CLOSE (7) and LISTEN (10) have no peer that waits for us. */
    private static final int STATES_WITH_A_PEER = 0xFFF & ~(1 << 6 | 1 << 7 | 1 << 10);

    private SocketMessage() {}

    /** One socket as the kernel identifies it: addresses, ports, interface, cookie. */
    public record TcpSocket(int family, ByteBuffer identity) {}

    /**
     * Lists the connections whose local address is {@code local}: for IPv4 also those of IPv6 sockets that carry it as a
     * mapped address.
     */
    public static List<NetlinkMessage> list(InetAddress local) {
        Stream<Integer> families =
                Family.of(local) == Family.INET ? Stream.of(Family.INET, Family.INET6) : Stream.of(Family.INET6);
        return families.map(family -> list(family, local)).toList();
    }

    private static NetlinkMessage list(int family, InetAddress local) {
        MessageWriter body = request(family, STATES_WITH_A_PEER)
                .putZeros(IDENTITY_LENGTH)
                .putAttribute(INET_DIAG_REQ_BYTECODE, hasSource(local));
        return NetlinkMessage.request(SOCK_DIAG_BY_FAMILY, NetlinkMessage.NLM_F_DUMP, body);
    }

    /** Ends the connection with a RST to its peer; the process that has it reads ECONNABORTED. */
    public static NetlinkMessage destroy(TcpSocket socket) {
        MessageWriter body = request(socket.family(), ANY_STATE).putBytes(NetlinkMessage.bytesOf(socket.identity()));
        return NetlinkMessage.request(SOCK_DESTROY, NetlinkMessage.NLM_F_ACK, body);
    }

    static Optional<TcpSocket> decode(NetlinkMessage message) {
        ByteBuffer body = message.body();
        if (message.type() != SOCK_DIAG_BY_FAMILY || body.limit() < 4 + IDENTITY_LENGTH) {
            return Optional.empty();
        }
        return Optional.of(new TcpSocket(body.get(0) & 0xFF, body.slice(4, IDENTITY_LENGTH)));
    }

    private static MessageWriter request(int family, int states) {
        return new MessageWriter()
                .putByte(family)
                .putByte(IPPROTO_TCP)
                .putShort(0)
                .putInt(states);
    }

    /** A program of one instruction for the kernel's filter: matched, go past it; not matched, jump beyond the end. */
    private static byte[] hasSource(InetAddress local) {
        byte[] bits = local.getAddress();
        int length = 12 + bits.length;
        return new MessageWriter()
                .putByte(INET_DIAG_BC_S_COND)
                .putByte(length)
                .putShort(length + 4)
                .putByte(Family.of(local))
                .putByte(8 * bits.length)
                .putShort(0)
                .putInt(-1)
                .putBytes(bits)
                .toBytes();
    }
}
