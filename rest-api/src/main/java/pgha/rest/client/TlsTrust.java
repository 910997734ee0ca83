package pgha.rest.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import pgha.dcs.model.pem.TrustsAnybody;
import pgha.rest.tls.Identity;
import pgha.rest.tls.PemFiles;

/**
 * Whom a client believes to be who he says, and who the client says that it is.
 *
 * <p>Thread-safe. Files are read at the first HTTPS request, since most clusters never make one, and again once one of
 * them is a newer one.
 */
public final class TlsTrust {
    private enum Whom {
        ANYBODY,
        KNOWN_TO_RUNTIME,
        KNOWN_TO_FILE
    }

    /** @param stamp of the files that it was made of */
    private record Made(String stamp, SSLSocketFactory factory) {}

    private static final char[] NO_PASSWORD = {};

    private final Whom whom;
    private final Path authorities;
    private final Optional<Identity> identity;
    private volatile @Nullable Made made;

    private TlsTrust(Whom whom, Path authorities, Optional<Identity> identity) {
        this.whom = whom;
        this.authorities = authorities;
        this.identity = identity;
    }

    /** Whoever answers. */
    public static TlsTrust anybody() {
        return new TlsTrust(Whom.ANYBODY, Path.of(""), Optional.empty());
    }

    /** Only whom the authorities of the Java runtime vouch for, by host name. */
    public static TlsTrust ofRuntime() {
        return new TlsTrust(Whom.KNOWN_TO_RUNTIME, Path.of(""), Optional.empty());
    }

    /** Only whom the authorities in a PEM file vouch for, by host name. */
    public static TlsTrust of(Path authorities) {
        return new TlsTrust(Whom.KNOWN_TO_FILE, authorities, Optional.empty());
    }

    /** The same, with a certificate for servers that ask for one. */
    public TlsTrust showing(Optional<Identity> own) {
        return new TlsTrust(whom, authorities, own);
    }

    boolean verifiesNames() {
        return whom != Whom.ANYBODY;
    }

    /** @throws IOException if a file cannot be used, with a sentence that names it */
    SSLSocketFactory factory() throws IOException {
        String stamp = stamp();
        Made present = made;
        if (present == null || !present.stamp().equals(stamp)) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keys(), managers(), null);
                present = new Made(stamp, context.getSocketFactory());
                made = present;
            } catch (GeneralSecurityException e) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            }
        }
        return present.factory();
    }

    private String stamp() throws IOException {
        List<Path> files = new ArrayList<>();
        identity.ifPresent(own -> files.addAll(List.of(own.certificate(), own.keyFile())));
        if (whom == Whom.KNOWN_TO_FILE) {
            files.add(authorities);
        }
        StringBuilder stamp = new StringBuilder();
        for (Path file : files) {
            stamp.append(Files.exists(file) ? Files.getLastModifiedTime(file) : "none")
                    .append(' ');
        }
        return stamp.toString();
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (identity.isEmpty()) {
            return null;
        }
        Identity.Loaded own = identity.get().load();
        KeyStore store = empty();
        store.setKeyEntry("own", own.key(), NO_PASSWORD, own.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        return managers.getKeyManagers();
    }

    private TrustManager @Nullable [] managers() throws IOException, GeneralSecurityException {
        return switch (whom) {
            case ANYBODY -> new TrustManager[] {new TrustsAnybody()};
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
        KeyStore store = empty();
        for (X509Certificate certificate : PemFiles.certificates(authorities)) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
