package pgha.rest.server;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps the number of connections that have not asked anything yet within bounds.
 *
 * <p>Confined to the event loop. When one too many arrives the eldest is closed: a client that opens connections and says
 * nothing cannot keep a load balancer's checks out.
 */
// How writing and closing ended is told by channelInactive and exceptionCaught, not by their futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class Admission {
    private static final int MOST_SILENT = 200;

    private final Set<Channel> silent = new LinkedHashSet<>();

    void arrived(Channel channel) {
        if (silent.size() >= MOST_SILENT) {
            Channel eldest = silent.iterator().next();
            silent.remove(eldest);
            eldest.close();
        }
        silent.add(channel);
    }

    /** The channel has sent a whole request, or is gone. */
    void settled(Channel channel) {
        silent.remove(channel);
    }
}
