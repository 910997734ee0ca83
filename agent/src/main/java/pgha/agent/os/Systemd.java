package pgha.agent.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how the agent is: READY, STATUS, RELOADING, STOPPING, WATCHDOG.
 *
 * <p>Thread-safe: each message is one datagram. Never blocks: a message that systemd's queue has no room for is lost,
 * and the return value says so. Without NOTIFY_SOCKET nobody listens and nothing happens (sd_notify(3)).
 */
public final class Systemd implements AutoCloseable {
    private static final int MAX_PATH = 107;
    private static final int NOBODY = -1;

    private final int socket;
    private final byte[] address;
    private final Optional<Duration> watchdogTimeout;

    private Systemd(int socket, byte[] address, Optional<Duration> watchdogTimeout) {
        this.socket = socket;
        this.address = address;
        this.watchdogTimeout = watchdogTimeout;
    }

    /** Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID as systemd sets them. */
    public static Systemd from(Map<String, String> environment) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (path.isEmpty()) {
            return new Systemd(NOBODY, new byte[0], Optional.empty());
        }
        byte[] address = addressOf(path);
        int socket = Linux.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            throw Linux.failure("open a socket for systemd");
        }
        return new Systemd(socket, address, watchdogTimeoutIn(environment));
    }

    /** How long systemd lets pass between two pings; empty if it does not watch this process. */
    public Optional<Duration> watchdogTimeout() {
        return watchdogTimeout;
    }

    public boolean ready(String status) {
        return send("READY=1\nSTATUS=" + oneLine(status));
    }

    public boolean status(String status) {
        return send("STATUS=" + oneLine(status));
    }

    /** The configuration is read again; {@link #ready} ends it. */
    public boolean reloading() {
        return send("RELOADING=1\nMONOTONIC_USEC=" + BootClock.read(Linux.CLOCK_MONOTONIC) / 1000);
    }

    public boolean stopping(String status) {
        return send("STOPPING=1\nSTATUS=" + oneLine(status));
    }

    public boolean pingWatchdog() {
        return send("WATCHDOG=1");
    }

    /** Replaces the unit's WatchdogSec from now on. */
    public boolean setWatchdogTimeout(Duration timeout) {
        return send("WATCHDOG_USEC=" + timeout.toNanos() / 1000);
    }

    @Override
    public void close() {
        if (socket != NOBODY) {
            Linux.close(socket);
        }
    }

    private boolean send(String message) {
        if (socket == NOBODY) {
            return true;
        }
        byte[] bytes = message.getBytes(UTF_8);
        int flags = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
        return Linux.sendto(socket, bytes, bytes.length, flags, address, address.length) == bytes.length;
    }

    /** A sockaddr_un: the family, then the path; an abstract name starts with a zero byte where {@code @} is written. */
    static byte[] addressOf(String path) {
        byte[] name = path.getBytes(UTF_8);
        if (name.length > MAX_PATH || (name[0] != '@' && name[0] != '/')) {
            throw new IllegalArgumentException("cannot notify systemd: NOTIFY_SOCKET is \"" + path
                    + "\"; expected a path or an abstract name of at most " + MAX_PATH + " bytes");
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        return ByteBuffer.allocate(Short.BYTES + name.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) Linux.AF_UNIX)
                .put(name)
                .array();
    }

    private static Optional<Duration> watchdogTimeoutIn(Map<String, String> environment) {
        String ours = Long.toString(ProcessHandle.current().pid());
        if (!environment.getOrDefault("WATCHDOG_PID", ours).equals(ours)) {
            return Optional.empty();
        }
        return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .map(micros -> Duration.ofNanos(Math.multiplyExact(Long.parseLong(micros), 1000L)));
    }

    private static String oneLine(String status) {
        return status.replace('\n', ' ');
    }
}
