package pgha.agent.config;

import pgha.dcs.model.HostPort;

/** Reads addresses as Patroni's users write them. Pure. */
final class Addresses {
    private Addresses() {}

    /**
     * Host and port, or a host alone; {@code [v6]:port} and {@code :port} included.
     *
     * @throws IllegalArgumentException if the text is no such address
     */
    static HostPort parse(String text, int defaultPort) {
        String trimmed = text.trim();
        boolean hasPort = trimmed.lastIndexOf(':') > trimmed.lastIndexOf(']') && trimmed.matches(".*:\\d{1,5}");
        boolean bareV6 = trimmed.indexOf(':') != trimmed.lastIndexOf(':') && !trimmed.startsWith("[");
        if (hasPort && !bareV6) {
            return HostPort.parse(trimmed.startsWith(":") ? "*" + trimmed : trimmed);
        }
        if (trimmed.isEmpty()
                || (!bareV6 && trimmed.replaceFirst("^\\[.*]$", "").indexOf(':') >= 0)) {
            throw new IllegalArgumentException("not an address: \"" + text + "\"; expected host:port");
        }
        return new HostPort(trimmed.replaceAll("[\\[\\]]", ""), defaultPort);
    }

    /** @throws IllegalArgumentException without a port */
    static HostPort parseWithPort(String text) {
        return HostPort.parse(text.startsWith(":") ? "*" + text : text);
    }

    /** Whether the host stands for all addresses of a machine, so that nobody can connect to it by that. */
    static boolean isWildcard(String host) {
        return host.equals("*") || host.equals("0.0.0.0") || host.equals("::");
    }
}
