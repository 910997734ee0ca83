package pgha.vip.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import pgha.vip.linux.Errno;
import pgha.vip.linux.MessageWriter;

/**
 * One netlink message: type, flags, sequence number and a body that depends on the type. Immutable; pure.
 *
 * <p>Layout from linux/netlink.h: length (4), type (2), flags (2), sequence (4), port of the sender (4), body. The port
 * is left zero in requests: the kernel fills it in.
 */
public record NetlinkMessage(int type, int flags, Sequence sequence, ByteBuffer body) {
    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_CREATE = 0x400;

    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSG_NOOP = 1;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int HEADER_LENGTH = 16;
    private static final int ALIGNMENT = 4;

    public NetlinkMessage {
        body = body.slice().order(ByteOrder.nativeOrder());
    }

    static NetlinkMessage request(int type, int flags, MessageWriter body) {
        return new NetlinkMessage(type, NLM_F_REQUEST | flags, Sequence.NONE, ByteBuffer.wrap(body.toBytes()));
    }

    /** Asks for nothing but an ack, which needs no capability: it wakes whoever reads the same socket. */
    static NetlinkMessage noop() {
        return request(NLMSG_NOOP, NLM_F_ACK, new MessageWriter());
    }

    public byte[] encode(Sequence number) {
        return new MessageWriter()
                .putInt(HEADER_LENGTH + body.remaining())
                .putShort(type)
                .putShort(flags)
                .putInt(number.value())
                .putInt(0)
                .putBytes(bytesOf(body))
                .toBytes();
    }

    /** All messages of one datagram; a torn last one is left out. */
    static List<NetlinkMessage> decode(byte[] datagram) {
        ByteBuffer in = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        int length = datagram.length;
        List<NetlinkMessage> messages = new ArrayList<>();
        int at = 0;
        while (at + HEADER_LENGTH <= length) {
            int messageLength = in.getInt(at);
            if (messageLength < HEADER_LENGTH || messageLength > length - at) {
                break;
            }
            messages.add(new NetlinkMessage(
                    in.getShort(at + 4) & 0xFFFF,
                    in.getShort(at + 6) & 0xFFFF,
                    new Sequence(in.getInt(at + 8)),
                    in.slice(at + HEADER_LENGTH, messageLength - HEADER_LENGTH)));
            at += messageLength + (-messageLength & (ALIGNMENT - 1));
        }
        return messages;
    }

    boolean isAck() {
        return type == NLMSG_ERROR;
    }

    boolean isDone() {
        return type == NLMSG_DONE;
    }

    /** The table changed while it was being listed: entries may be missing. */
    boolean isInconsistent() {
        return (flags & NLM_F_DUMP_INTR) != 0;
    }

    /** Zero is success. Of an ack, or of the end of a dump. */
    Errno errno() {
        return new Errno(body.remaining() < 4 ? 0 : -body.getInt(0));
    }

    /** What the kernel says in words besides the errno (NETLINK_EXT_ACK); empty if nothing. */
    String kernelSays() {
        int attributesAt = 4 + HEADER_LENGTH;
        if (!isAck() || (flags & NLM_F_ACK_TLVS) == 0 || body.remaining() <= attributesAt) {
            return "";
        }
        Attributes attributes = Attributes.decode(body, attributesAt);
        return attributes.text(NLMSGERR_ATTR_MSG).orElse("");
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
