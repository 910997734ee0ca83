package pgha.rest.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Stream;

/** A range of IP addresses, such as {@code 10.0.0.0/8}. Immutable. */
record Network(InetAddress address, int prefixLength) {
    /** Reads an address, a network or a host name, which may have several addresses or none at the moment. */
    static Stream<Network> parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        String length = slash < 0 ? "128" : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            return Stream.empty();
        }
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .map(address -> new Network(address, Integer.parseInt(length)));
        } catch (UnknownHostException e) {
            return Stream.empty();
        }
    }

    /** Whether the text is an address rather than a name that would have to be resolved. */
    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int bits = Math.min(prefixLength, mine.length * 8);
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >>> bit % 8;
            if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
