package pgha.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;

/** Connections that are opened and never ask anything; whether the other side keeps them is its business. */
final class Strangers implements AutoCloseable {
    /** How far they go. */
    enum Kind {
        SILENT("connected"),
        HALF_OPEN("in the middle of the handshake"),
        IDLE("idle after the handshake");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Kind kind;
    private final TlsChecks target;
    private final List<Closeable> connections = new ArrayList<>();

    Strangers(Kind kind, TlsChecks target) {
        this.kind = kind;
        this.target = target;
    }

    /** Opens {@code size} connections, one after the other; returns how many there are. */
    int gather(int size) throws IOException {
        byte[] hello = hello();
        for (int i = 0; i < size; i++) {
            connections.add(kind == Kind.IDLE ? target.shaken() : connected(hello));
        }
        return connections.size();
    }

    private SocketChannel connected(byte[] hello) throws IOException {
        SocketChannel channel = SocketChannel.open(target.server());
        if (kind == Kind.HALF_OPEN) {
            channel.write(ByteBuffer.wrap(hello));
        }
        return channel;
    }

    /** What a client of TLS says first. */
    private static byte[] hello() throws IOException {
        SSLEngine engine = TlsChecks.context().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer words = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), words);
        byte[] hello = new byte[words.position()];
        words.flip().get(hello);
        return hello;
    }

    @Override
    public void close() {
        for (Closeable connection : connections) {
            end(connection);
        }
        connections.clear();
    }

    private static void end(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            System.err.println("a stranger had been sent away: " + e.getMessage());
        }
    }
}
