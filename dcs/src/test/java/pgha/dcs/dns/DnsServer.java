package pgha.dcs.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import pgha.dcs.model.HostPort;

/**
 * A name server on a UDP port of loopback, which knows SRV records and nothing else (RFC 1035, RFC 2782).
 *
 * <p>Thread-safe; has one thread of its own until it is closed.
 */
public final class DnsServer implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int POINTER_TO_QUESTION = 0xC000 | HEADER_BYTES;
    private static final int SRV = 33;
    private static final int INTERNET = 1;
    private static final int ANSWERED = 0x8180;
    private static final int FAILED = ANSWERED | 2;
    private static final int NO_SUCH_NAME = ANSWERED | 3;

    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final DatagramSocket socket;
    private final HostPort address;

    public DnsServer() {
        try {
            this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.address = new HostPort("127.0.0.1", socket.getLocalPort());
        Thread thread = new Thread(this::serve, "dns-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** The resolver that asks this server. */
    public Dns resolver() {
        return Dns.at(address);
    }

    /** @param lines {@code priority weight port target}; those published before for the name are gone */
    public void publish(String name, String... lines) {
        records.put(name, List.of(lines));
    }

    public void withdraw(String name) {
        records.remove(name);
    }

    /** From now on it says of this name that it cannot tell. */
    public void failFor(String name) {
        failing.add(name);
    }

    /** Every name it was asked for, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        int id = query.getShort(0);
        query.position(HEADER_BYTES);
        String name = name(query);
        asked.add(name);
        List<String> found = failing.contains(name) ? List.of() : records.getOrDefault(name, List.of());
        int flags = failing.contains(name) ? FAILED : records.containsKey(name) ? ANSWERED : NO_SUCH_NAME;

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int part : new int[] {id, flags, 1, found.size(), 0, 0}) {
            out.writeShort(part);
        }
        write(name, out);
        out.writeShort(SRV);
        out.writeShort(INTERNET);
        for (String line : found) {
            record(line, out);
        }
        return bytes.toByteArray();
    }

    private static void record(String line, DataOutputStream out) throws IOException {
        String[] parts = line.split(" ", -1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        for (int i = 0; i < 3; i++) {
            data.writeShort(Integer.parseInt(parts[i]));
        }
        write(parts[3], data);
        out.writeShort(POINTER_TO_QUESTION);
        out.writeShort(SRV);
        out.writeShort(INTERNET);
        out.writeInt(0);
        out.writeShort(bytes.size());
        bytes.writeTo(out);
    }

    private static String name(ByteBuffer query) {
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    private static void write(String name, DataOutputStream out) throws IOException {
        for (String label : name.split("\\.", -1)) {
            if (!label.isEmpty()) {
                out.writeByte(label.length());
                out.writeBytes(label);
            }
        }
        out.writeByte(0);
    }

    @Override
    public void close() {
        socket.close();
    }
}
