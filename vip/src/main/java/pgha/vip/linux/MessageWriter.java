package pgha.vip.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes a C structure field by field in the byte order of this machine.
 *
 * <p>Confined to one thread. Numbers that the kernel wants in network order go in as bytes.
 */
public final class MessageWriter {
    private static final int ALIGNMENT = 4;

    private ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());

    public MessageWriter putByte(int value) {
        room(1).put((byte) value);
        return this;
    }

    public MessageWriter putShort(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public MessageWriter putInt(int value) {
        room(4).putInt(value);
        return this;
    }

    public MessageWriter putLong(long value) {
        room(8).putLong(value);
        return this;
    }

    public MessageWriter putBytes(byte... bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    public MessageWriter putZeros(int count) {
        return putBytes(new byte[count]);
    }

    /** One netlink attribute: length, type, value, and zeros up to the next multiple of four. */
    public MessageWriter putAttribute(int type, byte... value) {
        putShort(ALIGNMENT + value.length).putShort(type).putBytes(value);
        return putZeros(-value.length & (ALIGNMENT - 1));
    }

    /** What has been written so far; for the value of an attribute, too. */
    public byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
            ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }
}
