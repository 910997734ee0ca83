package pgha.dcs.etcd;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Srv;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.dns.Dns;
import pgha.dcs.dns.SrvRecord;
import pgha.dcs.model.HostPort;

/**
 * Where DNS says that etcd is: the first of the {@link SrvName}s that has records tells it.
 *
 * <p>Immutable. Blocks for seconds: for the thread of {@link Discovery}. A name that DNS does not answer ends the
 * search, and the next is not asked: else one lost packet would do to take the TLS away from who has it.
 */
final class SrvSearch {
    private static final int DEFAULT_PORT = 2379;

    private final Srv srv;
    private final List<SrvName> services;
    private final Dns dns;

    /** @param tlsOnly whether an etcd without TLS is none */
    SrvSearch(Srv srv, boolean tlsOnly, Dns dns) {
        this.srv = srv;
        this.services = Arrays.stream(SrvName.values())
                .filter(service -> service.isSecure() || !tlsOnly)
                .toList();
        this.dns = dns;
    }

    /** Empty if the endpoints of {@code config} are all there is. */
    static Optional<SrvSearch> of(DcsConfig config, Dns dns) {
        return config.srv().map(srv -> new SrvSearch(srv, config.tls().isPresent(), dns));
    }

    /**
     * One endpoint at least, in the order in which they are to be tried.
     *
     * @throws IOException with a sentence that says what is missing, where, and what to do
     */
    List<Endpoint> find() throws IOException {
        try {
            for (SrvName service : services) {
                List<Endpoint> found = endpoints(service);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        } catch (IOException e) {
            throw new IOException(
                    "cannot look up where etcd is: %s; see to DNS, or list etcd's members under etcd3.hosts"
                            .formatted(e.getMessage()),
                    e);
        }
        throw new IOException(("DNS names no etcd, there is no SRV record of any of %s; "
                        + "publish one, correct etcd3.srv, or list etcd's members under etcd3.hosts")
                .formatted(String.join(", ", names())));
    }

    private List<String> names() {
        return services.stream().map(this::name).toList();
    }

    private String name(SrvName service) {
        return service.name(srv.domain(), srv.suffix());
    }

    private List<Endpoint> endpoints(SrvName service) throws IOException {
        List<SrvRecord> records = SrvRecord.inOrder(dns.srv(name(service)), RandomGenerator.getDefault());
        if (service.isOfPeers()) {
            return records.isEmpty() ? List.of() : clients(service, records);
        }
        Optional<Tls> tls = service.isSecure() ? Optional.of(srv.tls()) : Optional.empty();
        return records.stream()
                .map(record -> new Endpoint(record.target(), tls, record.priority()))
                .distinct()
                .toList();
    }

    /** What the first member tells that tells anything. */
    private List<Endpoint> clients(SrvName service, List<SrvRecord> peers) throws IOException {
        String cause = "";
        for (SrvRecord peer : peers) {
            try {
                List<Endpoint> found = clients(PeerMembers.clientUrls(peer.target(), service.isSecure()), service);
                if (!found.isEmpty()) {
                    return found;
                }
                cause = peer.target() + " lists no member that serves clients" + (service.isSecure() ? " by TLS" : "");
            } catch (IOException | IllegalArgumentException e) {
                cause = "%s does not list etcd's members: %s".formatted(peer.target(), e.getMessage());
            }
        }
        throw new IOException("%s: %s".formatted(name(service), cause));
    }

    private List<Endpoint> clients(List<URI> urls, SrvName service) {
        boolean secure = service.isSecure();
        Optional<Tls> tls = secure ? Optional.of(srv.tls()) : Optional.empty();
        return urls.stream()
                .filter(url -> (secure ? "https" : "http").equals(url.getScheme()))
                .map(url -> Endpoint.configured(address(url), tls))
                .distinct()
                .toList();
    }

    private static HostPort address(URI url) {
        return new HostPort(url.getHost().replaceAll("[\\[\\]]", ""), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
    }
}
