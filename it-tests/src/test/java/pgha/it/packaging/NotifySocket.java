package pgha.it.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import pgha.lab.Command;

/** systemd's end of sd_notify(3): a datagram socket that everybody may write to. */
final class NotifySocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final short POLLIN = 1;
    private static final int PATIENCE_MILLIS = 30_000;

    static {
        Native.register(NotifySocket.class, Platform.C_LIBRARY_NAME);
    }

    private final int fd;

    private NotifySocket(int fd) {
        this.fd = fd;
    }

    private static native int socket(int family, int type, int protocol);

    private static native int bind(int fd, byte[] address, int length);

    private static native int poll(byte[] pollfds, long count, int timeoutMillis);

    private static native long read(int fd, byte[] buffer, long length);

    private static native int close(int fd);

    static NotifySocket bind(Path path) {
        byte[] name = path.toString().getBytes(UTF_8);
        byte[] address = ByteBuffer.allocate(Short.BYTES + name.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(name)
                .array();
        int fd = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (fd < 0 || bind(fd, address, address.length) != 0) {
            throw new AssertionError("cannot bind " + path + ": errno " + Native.getLastError());
        }
        Command.run("chmod", "777", path.toString()).orThrow();
        return new NotifySocket(fd);
    }

    /** The next message that has {@code line} in it; others before it are left out. */
    String await(String line) {
        StringBuilder others = new StringBuilder();
        while (true) {
            String message = receive(line, others);
            if (message.lines().anyMatch(line::equals)) {
                return message;
            }
            others.append(message).append("\n\n");
        }
    }

    private String receive(String line, CharSequence others) {
        byte[] pollfd = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(fd)
                .putShort(POLLIN)
                .array();
        if (poll(pollfd, 1, PATIENCE_MILLIS) != 1) {
            throw new AssertionError("nobody said " + line + ", but:\n" + others);
        }
        byte[] buffer = new byte[4096];
        return new String(buffer, 0, (int) read(fd, buffer, buffer.length), UTF_8);
    }

    @Override
    public void close() {
        close(fd);
    }
}
