package pgha.vip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and prints addresses as people write them; never asks a name server. Pure. */
final class AddressText {
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int IPV6_GROUPS = 8;

    private AddressText() {}

    /** Empty if it is neither an IPv4 nor an IPv6 address. */
    static Optional<InetAddress> parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** IPv6 in the short form of RFC 5952: the longest run of zero groups is left out. */
    static String print(InetAddress address) {
        byte[] bits = address.getAddress();
        if (bits.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = (bits[2 * i] & 0xFF) << 8 | (bits[2 * i + 1] & 0xFF);
        }
        int start = 0;
        int length = 0;
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int zeros = zerosFrom(groups, i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        return length < 2
                ? hex(groups, 0, IPV6_GROUPS)
                : hex(groups, 0, start) + "::" + hex(groups, start + length, IPV6_GROUPS);
    }

    private static int zerosFrom(int[] groups, int from) {
        int at = from;
        while (at < IPV6_GROUPS && groups[at] == 0) {
            at++;
        }
        return at - from;
    }

    private static String hex(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
