package pgha.agent.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * A watchdog device, open for writing.
 *
 * <p>Not thread-safe. Never blocks. The numbers are those of linux/watchdog.h, the same on all architectures that we
 * build for. No program that we start inherits it.
 */
public final class WatchdogDevice implements AutoCloseable {
    public static final int OPTION_SETTIMEOUT = 0x0080;
    public static final int OPTION_MAGICCLOSE = 0x0100;

    private static final long GET_SUPPORT = 0x8028_5700L;
    private static final long SET_TIMEOUT = 0xC004_5706L;
    private static final long GET_TIMEOUT = 0x8004_5707L;
    /** struct watchdog_info: options, firmware version, 32 characters of identity. */
    private static final int SUPPORT_LENGTH = 40;

    private final int fd;

    private WatchdogDevice(int fd) {
        this.fd = fd;
    }

    /** Opening a watchdog begins its countdown. */
    public static WatchdogDevice open(Path path) throws IOException {
        int fd = Posix.open(path.toString(), Posix.O_WRONLY | Posix.O_NONBLOCK | Posix.O_CLOEXEC, 0);
        if (fd < 0) {
            throw failure("open it");
        }
        return new WatchdogDevice(fd);
    }

    /** What the driver can, as bits. */
    public int options() throws IOException {
        return ioctl(GET_SUPPORT, new byte[SUPPORT_LENGTH], "ask what it can");
    }

    /** In seconds; what the driver has made of it. */
    public int setTimeout(int seconds) throws IOException {
        byte[] value = new byte[Integer.BYTES];
        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).putInt(seconds);
        return ioctl(SET_TIMEOUT, value, "set its timeout");
    }

    /** In seconds. */
    public int timeout() throws IOException {
        return ioctl(GET_TIMEOUT, new byte[Integer.BYTES], "read its timeout");
    }

    public void write(byte[] bytes) throws IOException {
        if (Posix.write(fd, bytes, bytes.length) != bytes.length) {
            throw failure("write to it");
        }
    }

    @Override
    public void close() {
        Posix.close(fd);
    }

    /** The first number of what the kernel has put into {@code argument}. */
    private int ioctl(long request, byte[] argument, String what) throws IOException {
        if (Posix.ioctl(fd, request, argument) < 0) {
            throw failure(what);
        }
        return ByteBuffer.wrap(argument).order(ByteOrder.nativeOrder()).getInt();
    }

    private static IOException failure(String what) {
        int errno = Posix.errno();
        String cause =
                switch (errno) {
                    case Posix.ENOENT -> "there is no such device";
                    case Posix.EACCES -> "permission denied; let user postgres write to it";
                    case Posix.EBUSY -> "somebody else has it open";
                    case Posix.ENXIO -> "nobody is at its other end";
                    case Posix.ENOTTY -> "it is not a watchdog";
                    default -> "errno " + errno;
                };
        return new IOException("cannot " + what + ": " + cause);
    }
}
