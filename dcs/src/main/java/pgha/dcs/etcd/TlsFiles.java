package pgha.dcs.etcd;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.model.pem.PemKey;
import pgha.dcs.model.pem.TrustsAnybody;

/** Certificates and keys, read from their PEM files each time they are asked for. */
final class TlsFiles {
    private TlsFiles() {}

    /** @throws IOException with a sentence that names the file */
    static ChannelCredentials read(Tls tls) throws IOException {
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
        if (tls.ca().isPresent()) {
            credentials.trustManager(new ByteArrayInputStream(contents(tls.ca().get())));
        } else {
            credentials.trustManager(new TrustsAnybody());
        }
        if (tls.certificate().isPresent()) {
            Path certificate = tls.certificate().get();
            Path key = tls.key().orElse(certificate);
            credentials.keyManager(
                    new ByteArrayInputStream(contents(certificate)), new ByteArrayInputStream(privateKey(key)));
        }
        return credentials.build();
    }

    private static byte[] privateKey(Path file) throws IOException {
        String pem = new String(contents(file), StandardCharsets.ISO_8859_1);
        try {
            return PemKey.asPkcs8(pem).getBytes(StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot use the key in %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static byte[] contents(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("cannot read %s: no such file".formatted(file), e);
        } catch (IOException e) {
            throw new IOException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
