package pgha.dcs.model;

import java.net.URI;
import java.util.Optional;

/** Where something listens. Immutable; an IPv6 host is without brackets. */
public record HostPort(String host, int port) {
    public HostPort {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not an address: \"" + host + ":" + port + "\"; expected host:port");
        }
    }

    /** @throws IllegalArgumentException unless {@code text} is {@code host:port}, {@code [v6]:port} included */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = colon < 0 ? "" : text.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("not an address: \"" + text + "\"; expected host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new HostPort(host, Integer.parseInt(port));
    }

    static Optional<HostPort> ofUrl(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() == null) {
                return Optional.empty();
            }
            return Optional.of(
                    new HostPort(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort() < 0 ? 5432 : uri.getPort()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
