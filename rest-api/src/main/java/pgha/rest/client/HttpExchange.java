package pgha.rest.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import pgha.dcs.model.Moment;

/**
 * One HTTP request and its answer, over a connection of its own.
 *
 * <p>Confined to the calling thread, which it blocks until {@code deadline} at the latest; only the system's resolution
 * of a host name, where the URL has no address, is beyond that.
 */
final class HttpExchange {
    private static final int LONGEST_ANSWER = 4 << 20;
    private static final Pattern HEAD = Pattern.compile("HTTP/1\\.[01] (\\d{3})[^\\r\\n]*\\r?\\n(.*)", Pattern.DOTALL);
    private static final Pattern LENGTH =
            Pattern.compile("^content-length:\\s*(\\d{1,9})\\s*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final URI url;
    private final TlsTrust tls;
    private final Supplier<Moment> clock;
    private final Moment deadline;
    private boolean sent;

    HttpExchange(URI url, TlsTrust tls, Supplier<Moment> clock, Moment deadline) {
        this.url = url;
        this.tls = tls;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** @param headers complete lines, each with its line end */
    HttpReply run(String method, String headers, Optional<String> body) {
        try (Socket socket = new Socket()) {
            int port = url.getPort() < 0 ? defaultPort() : url.getPort();
            String host = url.getHost().replaceAll("[\\[\\]]", "");
            // Or a request over TLS waits 40 ms for the other kernel to acknowledge the handshake's last words.
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), remainingMillis());
            if (!isSecure()) {
                return talk(socket, method, headers, body);
            }
            socket.setSoTimeout(remainingMillis());
            try (Socket secure = secured(socket, host, port)) {
                return talk(secure, method, headers, body);
            }
        } catch (SocketTimeoutException e) {
            return new HttpReply.NoReply("no answer in time", sent);
        } catch (IOException e) {
            return new HttpReply.NoReply(e.getMessage() == null ? e.toString() : e.getMessage(), sent);
        }
    }

    private Socket secured(Socket socket, String host, int port) throws IOException {
        Socket secure = tls.factory().createSocket(socket, host, port, true);
        if (tls.verifiesNames() && secure instanceof SSLSocket verifying) {
            SSLParameters parameters = verifying.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            verifying.setSSLParameters(parameters);
            verifying.startHandshake();
        }
        return secure;
    }

    private boolean isSecure() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    private int defaultPort() {
        return isSecure() ? 443 : 80;
    }

    private int remainingMillis() throws SocketTimeoutException {
        Duration left = clock.get().until(deadline);
        if (left.isNegative() || left.isZero()) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(Integer.MAX_VALUE, left.toMillis() + 1);
    }

    private HttpReply talk(Socket socket, String method, String headers, Optional<String> body) throws IOException {
        byte[] content = body.orElse("").getBytes(StandardCharsets.UTF_8);
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        StringBuilder request = new StringBuilder(256)
                .append("%s %s HTTP/1.0\r\nHost: %s\r\n".formatted(method, target, url.getRawAuthority()))
                .append("Connection: close\r\n")
                .append(headers);
        if (body.isPresent()) {
            request.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(content.length)
                    .append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(content);
        socket.setSoTimeout(remainingMillis());
        sent = true;
        bytes.writeTo(socket.getOutputStream());
        socket.getOutputStream().flush();
        return read(socket);
    }

    private HttpReply read(Socket socket) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        while (received.size() < LONGEST_ANSWER) {
            socket.setSoTimeout(remainingMillis());
            int count = in.read(buffer);
            if (count < 0) {
                return parse(received);
            }
            received.write(buffer, 0, count);
            if (isWhole(received)) {
                return parse(received);
            }
        }
        return new HttpReply.NoReply("the answer is longer than " + LONGEST_ANSWER + " bytes", true);
    }

    /** Whether as much has come as the headers announced; without an announcement the end of the connection decides. */
    private static boolean isWhole(ByteArrayOutputStream received) {
        String text = received.toString(StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(text.substring(0, headEnd));
        return length.find() && text.length() >= headEnd + 4 + Integer.parseInt(length.group(1));
    }

    private HttpReply parse(ByteArrayOutputStream received) {
        String text = received.toString(StandardCharsets.UTF_8);
        Matcher head = HEAD.matcher(text);
        if (!head.matches()) {
            return new HttpReply.NoReply(
                    text.isEmpty() ? "the connection was closed without an answer" : "the answer is not HTTP", true);
        }
        int end = text.indexOf("\r\n\r\n");
        return new HttpReply.Answered(Integer.parseInt(head.group(1)), end < 0 ? "" : text.substring(end + 4));
    }
}
