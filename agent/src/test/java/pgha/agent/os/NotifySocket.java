package pgha.agent.os;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** systemd's end of the notify socket. */
public record NotifySocket(int fd) implements AutoCloseable {
    public static NotifySocket bind(String name) {
        int fd = Linux.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
        byte[] address = Systemd.addressOf(name);
        assertThat(LinuxServer.bind(fd, address, address.length)).isZero();
        return new NotifySocket(fd);
    }

    /** The next message, waited for. */
    public String receive() {
        byte[] buffer = new byte[4096];
        int length = (int) Linux.read(fd, buffer, buffer.length);
        return new String(buffer, 0, length, UTF_8);
    }

    /** How many messages have come since it was last asked. */
    public int received() {
        int messages = 0;
        while (isWaiting()) {
            receive();
            messages++;
        }
        return messages;
    }

    private boolean isWaiting() {
        byte[] pollfd = new byte[8];
        ByteBuffer.wrap(pollfd).order(ByteOrder.nativeOrder()).putInt(fd).putShort(Linux.POLLIN);
        return Linux.poll(pollfd, 1, 0) == 1;
    }

    @Override
    public void close() {
        Linux.close(fd);
    }
}
