package pgha.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import pgha.dcs.model.pem.TrustsAnybody;
import pgha.lab.LabException;

/** Health checks over HTTPS as load balancers make them: a connection, a handshake and one request each. */
final class TlsChecks {
    private static final int LIMIT_MILLIS = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final byte[] REQUEST = "OPTIONS /primary HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress server;
    private final SSLContext context = context();

    TlsChecks(String address, int port) {
        this.server = new InetSocketAddress(address, port);
    }

    InetSocketAddress server() {
        return server;
    }

    boolean isPrimary() {
        try {
            return once().startsWith("HTTP/1.0 200");
        } catch (IOException e) {
            return false;
        }
    }

    /** The microseconds that each of {@code count} checks took, twenty a second; each has to be answered with 200. */
    List<Long> run(int count) throws IOException {
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            String answer = once();
            micros.add((System.nanoTime() - before) / 1000);
            if (!answer.startsWith("HTTP/1.0 200")) {
                throw new LabException("a check was answered with \"" + answer.strip() + "\"");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return micros;
    }

    private String once() throws IOException {
        try (SSLSocket socket = shaken()) {
            socket.getOutputStream().write(REQUEST);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** A connection whose handshake is complete; every one begins a session of its own. */
    SSLSocket shaken() throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        try {
            socket.connect(server, LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            // As load balancers do: or the request waits 40 ms for the kernel to acknowledge the handshake's last
            // words.
            socket.setTcpNoDelay(true);
            socket.startHandshake();
            socket.getSession().invalidate();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new LabException("cannot speak TLS: " + e.getMessage(), e);
        }
    }
}
