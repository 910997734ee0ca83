package pgha.rest.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client believes to be who he says.
 *
 * <p>Thread-safe. Certificates are read at the first HTTPS request, since most clusters never make one.
 */
public final class TlsTrust {
    private enum Whom {
        ANYBODY,
        KNOWN_TO_RUNTIME,
        KNOWN_TO_FILE
    }

    private final Whom whom;
    private final Path authorities;
    private volatile @Nullable SSLSocketFactory factory;

    private TlsTrust(Whom whom, Path authorities) {
        this.whom = whom;
        this.authorities = authorities;
    }

    /** Whoever answers. */
    public static TlsTrust anybody() {
        return new TlsTrust(Whom.ANYBODY, Path.of(""));
    }

    /** Only whom the authorities of the Java runtime vouch for, by host name. */
    public static TlsTrust ofRuntime() {
        return new TlsTrust(Whom.KNOWN_TO_RUNTIME, Path.of(""));
    }

    /** Only whom the authorities in a PEM file vouch for, by host name. */
    public static TlsTrust of(Path authorities) {
        return new TlsTrust(Whom.KNOWN_TO_FILE, authorities);
    }

    boolean verifiesNames() {
        return whom != Whom.ANYBODY;
    }

    /** @throws IOException if the file cannot be read, or holds no certificate */
    SSLSocketFactory factory() throws IOException {
        SSLSocketFactory made = factory;
        if (made == null) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, managers(), null);
                made = context.getSocketFactory();
                factory = made;
            } catch (GeneralSecurityException e) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            }
        }
        return made;
    }

    private TrustManager @Nullable [] managers() throws IOException, GeneralSecurityException {
        return switch (whom) {
            case ANYBODY -> new TrustManager[] {new Believer()};
            case KNOWN_TO_RUNTIME -> null;
            case KNOWN_TO_FILE -> {
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(certificates());
                yield managers.getTrustManagers();
            }
        };
    }

    private KeyStore certificates() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new IOException("there is no certificate in " + authorities);
            }
            return store;
        }
    }

    /** Believes everybody. */
    private static final class Believer implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
