package pgha.rest.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads certificates from PEM files, each time anew. */
public final class PemFiles {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----.*?-----END \\1-----", Pattern.DOTALL);

    private PemFiles() {}

    /** @throws IOException with a sentence that names the file, if it cannot be read or holds no certificate */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        byte[] pem = onlyCertificates(file);
        if (pem.length == 0) {
            throw new IOException("there is no certificate in " + file);
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return factory.generateCertificates(new ByteArrayInputStream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IOException("cannot use the certificates in %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Without what else the file may hold, such as the key, of which the JDK's reader knows nothing. */
    private static byte[] onlyCertificates(Path file) throws IOException {
        String pem = new String(contents(file), StandardCharsets.ISO_8859_1);
        return CERTIFICATE
                .matcher(pem)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** @throws IOException with a sentence that names the file */
    public static byte[] contents(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("cannot read %s: no such file".formatted(file), e);
        } catch (IOException e) {
            throw new IOException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
