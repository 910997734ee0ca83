package pgha.lab.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.SocketFactory;

/** Sockets whose connecting and reading give up after given milliseconds; made by the driver by its name. */
public final class DeadlineSockets extends SocketFactory {
    private static final ThreadLocal<Socket> LAST = new ThreadLocal<>();

    private final int connectMillis;
    private final int readMillis;

    /** {@code limits} is "connect,read" in milliseconds; 0 waits for ever. */
    public DeadlineSockets(String limits) {
        int comma = limits.indexOf(',');
        this.connectMillis = Integer.parseInt(limits.substring(0, comma));
        this.readMillis = Integer.parseInt(limits.substring(comma + 1));
    }

    /** The socket under the connection that this thread opened last; the driver itself does not show it. */
    public static Optional<Socket> lastOfThisThread() {
        return Optional.ofNullable(LAST.get());
    }

    @Override
    public Socket createSocket() {
        Socket socket = new DeadlineSocket();
        LAST.set(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("only unconnected sockets");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw new IOException("only unconnected sockets");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("only unconnected sockets");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        throw new IOException("only unconnected sockets");
    }

    /** One socket with the limits of its factory. */
    private final class DeadlineSocket extends Socket {
        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            super.connect(endpoint, connectMillis);
            setSoTimeout(readMillis);
        }
    }
}
