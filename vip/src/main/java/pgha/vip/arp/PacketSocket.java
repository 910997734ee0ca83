package pgha.vip.arp;

import java.nio.ByteBuffer;
import pgha.vip.linux.ErrnoException;
import pgha.vip.linux.LinkIndex;
import pgha.vip.linux.MessageWriter;
import pgha.vip.linux.RawSocket;

/**
 * Sends whole Ethernet frames through AF_PACKET; receives nothing.
 *
 * <p>Thread-safe but for closing. Needs CAP_NET_RAW when it is opened, none afterwards.
 */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int NO_PROTOCOL = 0;
    private static final int ETHER_TYPE_AT = 12;
    private static final int MAC_LENGTH = 6;

    private final RawSocket socket;

    private PacketSocket(RawSocket socket) {
        this.socket = socket;
    }

    public static PacketSocket open() throws ErrnoException {
        return new PacketSocket(RawSocket.open(AF_PACKET, NO_PROTOCOL));
    }

    public void send(byte[] frame, LinkIndex link) throws ErrnoException {
        socket.send(frame, socketAddress(frame, link));
    }

    /** struct sockaddr_ll: family, protocol in network order, interface, two fields for receiving, destination. */
    private static byte[] socketAddress(byte[] frame, LinkIndex link) {
        byte[] address = new MessageWriter()
                .putShort(AF_PACKET)
                .putBytes(frame[ETHER_TYPE_AT], frame[ETHER_TYPE_AT + 1])
                .putInt(link.value())
                .putShort(0)
                .putByte(0)
                .putByte(MAC_LENGTH)
                .putZeros(8)
                .toBytes();
        return ByteBuffer.wrap(address)
                .put(address.length - 8, frame, 0, MAC_LENGTH)
                .array();
    }

    @Override
    public void close() {
        socket.close();
    }
}
