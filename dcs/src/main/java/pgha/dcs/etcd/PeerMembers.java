package pgha.dcs.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import pgha.dcs.codec.EtcdMembers;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.pem.TrustsAnybody;

/**
 * Asks a member of etcd, at the port for the other members, where all of them serve clients.
 *
 * <p>Blocks for two seconds. As in Patroni, nobody has to prove there who he is, and we do not either: this is no more
 * than what DNS said, and whoever is then spoken to as etcd has to show his certificate.
 */
final class PeerMembers {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(1).toMillis();
    private static final int MAX_BYTES = 1 << 20;

    private PeerMembers() {}

    /**
     * @throws IOException with the cause, if nothing is to be had
     * @throws IllegalArgumentException with the cause, if it is no list of URLs
     */
    static List<URI> clientUrls(HostPort peer, boolean secure) throws IOException {
        URI list = URI.create((secure ? "https://" : "http://") + peer + "/members");
        HttpURLConnection connection = (HttpURLConnection) list.toURL().openConnection(Proxy.NO_PROXY);
        try {
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setReadTimeout(PATIENCE_MILLIS);
            if (connection instanceof HttpsURLConnection https) {
                https.setSSLSocketFactory(anybody().getSocketFactory());
                https.setHostnameVerifier((host, session) -> true);
            }
            try (InputStream body = connection.getInputStream()) {
                String document = new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                return EtcdMembers.clientUrls(document).stream()
                        .map(URI::create)
                        .filter(url -> url.getHost() != null)
                        .toList();
            }
        } finally {
            connection.disconnect();
        }
    }

    private static SSLContext anybody() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS in this Java runtime: " + e.getMessage(), e);
        }
    }
}
