package pgha.rest.server;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Member;

/**
 * The addresses from which members call, as their {@code api_url} says.
 *
 * <p>Thread-safe. An address counts at once. A host name has to be resolved, which may take seconds, so that it is done on
 * a thread that may wait ({@link #resolve}) and counts from then on.
 */
final class MemberAddresses {
    private volatile Map<String, List<Network>> resolved = new TreeMap<>();

    /** Looks up each member's host name. Blocks as long as the resolver does. */
    void resolve(ClusterView view) {
        Map<String, List<Network>> next = new TreeMap<>();
        hosts(view)
                .filter(host -> !Network.isAddress(host))
                .forEach(host ->
                        next.computeIfAbsent(host, name -> Network.parse(name).toList()));
        resolved = next;
    }

    boolean contain(InetAddress client, ClusterView view) {
        Map<String, List<Network>> names = resolved;
        return hosts(view)
                .flatMap(host ->
                        Network.isAddress(host) ? Network.parse(host) : names.getOrDefault(host, List.of()).stream())
                .anyMatch(network -> network.contains(client));
    }

    private static Stream<String> hosts(ClusterView view) {
        return view.members().values().stream()
                .map(Member::apiUrl)
                .flatMap(Optional::stream)
                .flatMap(url -> hostOf(url).stream());
    }

    private static Optional<String> hostOf(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getHost()).map(host -> host.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
