package pgha.vip.linux;

import java.time.Duration;

/**
 * One file descriptor of a datagram socket whose addresses are the kernel's own structures.
 *
 * <p>Stays in the network namespace of the thread that opened it. Sending from one thread while another receives is
 * fine; closing is not synchronised with either: the owner sees to that. Close-on-exec, so no child inherits it.
 */
public final class RawSocket implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int CLOSED = -1;

    private volatile int fd;

    private RawSocket(int fd) {
        this.fd = fd;
    }

    public static RawSocket open(int family, int protocol) throws ErrnoException {
        int fd = LibC.socket(family, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (fd < 0) {
            throw failed("socket");
        }
        return new RawSocket(fd);
    }

    public void bind(byte[] address) throws ErrnoException {
        if (LibC.bind(fd, address, address.length) < 0) {
            throw failed("bind");
        }
    }

    public void setOption(int level, int option, int value) throws ErrnoException {
        setOption(level, option, new MessageWriter().putInt(value).toBytes());
    }

    /** {@link #receive} fails with EAGAIN when nothing has come for so long. */
    public void setReceiveTimeout(Duration timeout) throws ErrnoException {
        MessageWriter timeval = new MessageWriter().putLong(timeout.toSeconds()).putLong(timeout.toNanosPart() / 1_000);
        setOption(SOL_SOCKET, SO_RCVTIMEO, timeval.toBytes());
    }

    private void setOption(int level, int option, byte[] value) throws ErrnoException {
        if (LibC.setsockopt(fd, level, option, value, value.length) < 0) {
            throw failed("setsockopt");
        }
    }

    /** Sends one whole datagram. */
    public void send(byte[] datagram, byte[] destination) throws ErrnoException {
        long sent;
        do {
            sent = LibC.sendto(fd, datagram, datagram.length, 0, destination, destination.length);
        } while (sent < 0 && LibC.errno().equals(Errno.EINTR));
        if (sent != datagram.length) {
            throw failed("sendto");
        }
    }

    /** Waits for one datagram; returns its length and fills in who sent it. What does not fit is lost. */
    public int receive(byte[] datagram, byte[] sender) throws ErrnoException {
        int[] senderLength = {sender.length};
        long length;
        do {
            length = LibC.recvfrom(fd, datagram, datagram.length, 0, sender, senderLength);
        } while (length < 0 && LibC.errno().equals(Errno.EINTR));
        if (length < 0) {
            throw failed("recvfrom");
        }
        return (int) length;
    }

    private static ErrnoException failed(String call) {
        return new ErrnoException(call, LibC.errno());
    }

    @Override
    public void close() {
        int open = fd;
        fd = CLOSED;
        if (open != CLOSED) {
            LibC.close(open);
        }
    }
}
