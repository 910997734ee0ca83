package pgha.vip.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The attributes at the end of a netlink message, by type. Immutable; pure; lenient about what is torn. */
final class Attributes {
    private static final int HEADER_LENGTH = 4;
    private static final int TYPE_MASK = 0x3FFF;

    private final Map<Integer, byte[]> values;

    private Attributes(Map<Integer, byte[]> values) {
        this.values = values;
    }

    static Attributes decode(ByteBuffer body, int from) {
        Map<Integer, byte[]> values = new TreeMap<>();
        int at = from;
        while (at + HEADER_LENGTH <= body.limit()) {
            int length = body.getShort(at) & 0xFFFF;
            if (length < HEADER_LENGTH || length > body.limit() - at) {
                break;
            }
            byte[] value = new byte[length - HEADER_LENGTH];
            body.get(at + HEADER_LENGTH, value);
            values.put(body.getShort(at + 2) & TYPE_MASK, value);
            at += length + (-length & 3);
        }
        return new Attributes(values);
    }

    Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    /** A string that ends at its first zero byte, as C writes it. */
    Optional<String> text(int type) {
        return bytes(type).map(bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        });
    }

    OptionalInt number(int type, int offset) {
        byte[] value = values.get(type);
        if (value == null || value.length < offset + 4) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(
                ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt(offset));
    }
}
