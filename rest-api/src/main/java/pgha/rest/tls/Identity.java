package pgha.rest.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.pem.PemKey;

/**
 * Who one is in TLS: the files of a certificate and its private key.
 *
 * <p>Immutable. The key may be in PKCS#8, PKCS#1 or SEC 1, with a password or without.
 *
 * @param certificate the certificate, and after it those that lead to the authority
 * @param key absent if the certificate's file holds the key too
 */
public record Identity(Path certificate, Optional<Path> key, Optional<String> password) {

    /** What the files hold: a key, and the certificates beginning with its own. */
    public record Loaded(PrivateKey key, List<X509Certificate> chain) {
        public Loaded {
            chain = List.copyOf(chain);
        }
    }

    public Path keyFile() {
        return key.orElse(certificate);
    }

    /** @throws IOException with a sentence that names the file, if one cannot be used or they do not belong together */
    public Loaded load() throws IOException {
        List<X509Certificate> chain = PemFiles.certificates(certificate);
        String pem = new String(PemFiles.contents(keyFile()), StandardCharsets.ISO_8859_1);
        PrivateKey secret;
        try {
            secret = PemKey.read(pem, password);
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot use the key in %s: %s".formatted(keyFile(), e.getMessage()), e);
        }
        if (!belongTogether(secret, chain.getFirst().getPublicKey())) {
            throw new IOException(
                    "the key in %s is not that of the certificate in %s".formatted(keyFile(), certificate));
        }
        return new Loaded(secret, chain);
    }

    /** While files are being replaced one of them may be the new one and the other the old one. */
    private static boolean belongTogether(PrivateKey secret, PublicKey open) {
        String method =
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "DSA" -> "SHA256withDSA";
                    default -> secret.getAlgorithm();
                };
        byte[] sample = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(method);
            signature.initSign(secret);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "%s key %s%s".formatted(certificate, keyFile(), password.isPresent() ? " password ***" : "");
    }
}
