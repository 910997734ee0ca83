package pgha.rest.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.rest.RestConfig;
import pgha.rest.tls.CipherList;
import pgha.rest.tls.Identity;
import pgha.rest.tls.PemFiles;

/**
 * The certificate and the rules by which HTTPS is served at the moment.
 *
 * <p>Thread-safe. What is there is used for each connection that begins; those that exist keep what they began with.
 * A change that cannot be used, such as files of which only one has been replaced yet, is said and changes nothing.
 *
 * <p>BoringSSL does the arithmetic where its library is found: a handshake with an RSA key of 2048 bits takes the JDK
 * 20 ms of processor time, with the compiler that the agent runs with, and BoringSSL less than one.
 */
final class ServerTls {
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);
    private static final int SESSIONS_REMEMBERED = 256;
    private static final long HANDSHAKE_SECONDS = 10;

    /**
     * One state of the files.
     *
     * @param context absent: HTTP without TLS
     * @param fingerprint of all files' bytes
     */
    private record Served(Optional<RestConfig.Tls> config, Optional<SslContext> context, String fingerprint) {}

    /** Held for moments only: nobody may take a context that is just being given up. */
    private final Object swap = new Object();

    private volatile Served served;
    private volatile String refused = "";

    private ServerTls(Served served) {
        this.served = served;
    }

    /** @throws IOException with a sentence that says why HTTPS cannot be served */
    static ServerTls of(Optional<RestConfig.Tls> config) throws IOException {
        return new ServerTls(read(config));
    }

    /** A handler for one connection; empty if it is to be plain HTTP. */
    Optional<SslHandler> handler(ByteBufAllocator allocator) {
        Optional<SslHandler> made;
        synchronized (swap) {
            made = served.context().map(context -> context.newHandler(allocator));
        }
        made.ifPresent(handler -> handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS));
        return made;
    }

    /** Takes over another configuration, and files that have changed; blocks while it reads them. */
    synchronized void use(Optional<RestConfig.Tls> config) {
        try {
            replaceBy(read(config));
        } catch (IOException e) {
            log.error(
                    "cannot serve HTTPS as the new configuration says: {}; the previous certificate stays",
                    e.getMessage());
        }
    }

    /** Reads the files again if one of them has changed; blocks while it reads them. */
    synchronized void lookAgain() {
        Optional<RestConfig.Tls> config = served.config();
        if (config.isEmpty()) {
            return;
        }
        String now = "";
        try {
            now = fingerprint(config.get());
            if (now.equals(served.fingerprint()) || now.equals(refused)) {
                return;
            }
            replaceBy(read(config));
            log.info(
                    "serving HTTPS with the new content of {}",
                    config.get().identity().certificate());
        } catch (IOException e) {
            if (!now.isEmpty()) {
                log.warn("cannot serve HTTPS with the new files: {}; the previous certificate stays", e.getMessage());
                refused = now;
            }
        }
    }

    private void replaceBy(Served next) {
        Served previous;
        synchronized (swap) {
            previous = served;
            served = next;
        }
        refused = "";
        // Connections that began with it hold it, too.
        previous.context().ifPresent(ReferenceCountUtil::release);
    }

    private static Served read(Optional<RestConfig.Tls> config) throws IOException {
        return config.isEmpty()
                ? new Served(config, Optional.empty(), "")
                : new Served(config, Optional.of(context(config.get())), fingerprint(config.get()));
    }

    private static SslContext context(RestConfig.Tls tls) throws IOException {
        Identity.Loaded identity = tls.identity().load();
        SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.chain())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .sessionCacheSize(SESSIONS_REMEMBERED)
                .clientAuth(
                        switch (tls.verifyClient()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        });
        if (tls.ca().isPresent()) {
            builder.trustManager(PemFiles.certificates(tls.ca().get()));
        }
        if (tls.ciphers().isPresent()) {
            builder.ciphers(ciphers(tls.ciphers().get()));
        }
        return builder.build();
    }

    private static List<String> ciphers(String list) throws IOException {
        try {
            List<String> available = OpenSsl.isAvailable()
                    ? List.copyOf(OpenSsl.availableOpenSslCipherSuites())
                    : Arrays.stream(SSLContext.getDefault()
                                    .getDefaultSSLParameters()
                                    .getCipherSuites())
                            .map(name -> CipherSuiteConverter.toOpenSsl(name, false))
                            .toList();
            return CipherList.select(list, available);
        } catch (IllegalArgumentException | NoSuchAlgorithmException e) {
            throw new IOException("cannot use restapi.ciphers: " + e.getMessage(), e);
        }
    }

    private static String fingerprint(RestConfig.Tls tls) throws IOException {
        List<Path> files = new ArrayList<>(
                List.of(tls.identity().certificate(), tls.identity().keyFile()));
        tls.ca().ifPresent(files::add);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(PemFiles.contents(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
