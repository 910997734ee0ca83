package pgha.rest.server;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the number of connections that have not asked anything yet within bounds.
 *
 * <p>Confined to the event loop. When one too many arrives the eldest of the address that has most of them is closed: a
 * client that opens connections and says nothing, before or after the handshake of TLS, neither keeps a load balancer's
 * checks out nor costs more memory than this many connections do.
 */
// How writing and closing ended is told by channelInactive and exceptionCaught, not by their futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class Admission {
    static final int MOST_SILENT = 200;

    private final Map<InetAddress, Set<Channel>> silent = new LinkedHashMap<>();
    private int count;

    void arrived(Channel channel) {
        if (count >= MOST_SILENT) {
            silent.values().stream().max(Comparator.comparingInt(Set::size)).ifPresent(crowd -> {
                Channel eldest = crowd.iterator().next();
                settled(eldest);
                eldest.close();
            });
        }
        silent.computeIfAbsent(addressOf(channel), address -> new LinkedHashSet<>())
                .add(channel);
        count++;
    }

    /** The channel has sent a whole request, or is gone. */
    void settled(Channel channel) {
        InetAddress address = addressOf(channel);
        Set<Channel> crowd = silent.get(address);
        if (crowd != null && crowd.remove(channel)) {
            count--;
            if (crowd.isEmpty()) {
                silent.remove(address);
            }
        }
    }

    private static InetAddress addressOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }
}
