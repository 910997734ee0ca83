package pgha.vip;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address that moves between hosts, as it is configured. Immutable; one that exists can be bound.
 *
 * <p>The prefix length that people write finds the interface and nothing else: the kernel gets /32 or /128, so that the
 * address never becomes the primary one of the node's own network.
 *
 * @param interfaceName empty: the one interface that has an address in the same network
 */
public record Vip(InetAddress address, int prefixLength, Optional<String> interfaceName) {
    /** Stands in configurations for "find it yourself". */
    public static final String AUTO = "auto";

    private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/:]{1,15}");

    public Vip {
        int bits = 8 * address.getAddress().length;
        if (prefixLength < 1 || prefixLength > bits) {
            throw new IllegalArgumentException("not a prefix length: " + prefixLength + " in \""
                    + AddressText.print(address) + "/" + prefixLength + "\"; expected 1 to " + bits);
        }
        if (!isUnicast(address)) {
            throw new IllegalArgumentException("not an address that can move between hosts: \""
                    + AddressText.print(address) + "\" is a loopback, multicast, reserved or wildcard address");
        }
        interfaceName.ifPresent(name -> {
            if (!INTERFACE_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "not an interface name: \"" + name + "\"; expected 1 to 15 characters without blank, / and :");
            }
        });
    }

    /** On the interface that has the address's network. */
    public static Vip parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = AddressText.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0 || address.isEmpty()) {
            throw new IllegalArgumentException("not an address with a prefix length: \"" + text
                    + "\"; expected the form 10.0.0.9/24 or fd00::9/64");
        }
        try {
            return new Vip(address.get(), Integer.parseInt(text.substring(slash + 1)), Optional.empty());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not a prefix length: \"" + text.substring(slash + 1) + "\" in \"" + text + "\"; expected a number",
                    e);
        }
    }

    /** The same address on a named interface, or on any if the name is {@link #AUTO}. */
    public Vip on(String name) {
        return new Vip(address, prefixLength, name.equals(AUTO) ? Optional.empty() : Optional.of(name));
    }

    private static boolean isUnicast(InetAddress address) {
        boolean isReserved = address instanceof Inet4Address && (address.getAddress()[0] & 0xFF) >= 240;
        return !isReserved
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress();
    }

    /** 32 or 128: the prefix length under which it is bound. */
    int hostPrefixLength() {
        return 8 * address.getAddress().length;
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    @Override
    public String toString() {
        String text = AddressText.print(address) + "/" + prefixLength;
        return interfaceName.map(name -> text + " on " + name).orElse(text);
    }
}
