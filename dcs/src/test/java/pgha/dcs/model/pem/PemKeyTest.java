package pgha.dcs.model.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Shows that keys in the older forms are the same keys. */
final class PemKeyTest {
    private static PrivateKey decode(String algorithm, String pkcs8Pem) throws GeneralSecurityException {
        String body = pkcs8Pem.replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    }

    private static String pem(String kind, byte[] der) {
        return "Bag Attributes\n-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
    }

    @Test
    void anRsaKeyInPkcs1IsTheSameKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        PrivateKey key = generator.generateKeyPair().getPrivate();
        byte[] pkcs8 = key.getEncoded();
        // The header of a PKCS#8 RSA key of this size is 26 bytes long; PKCS#1 is what follows.
        String old = pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        assertThat(decode("RSA", PemKey.asPkcs8(old))).isEqualTo(key);
        assertThat(decode("RSA", PemKey.asPkcs8(pem("PRIVATE KEY", pkcs8)))).isEqualTo(key);
    }

    @Test
    void anEllipticKeyInSec1IsTheSameKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        PrivateKey key = generator.generateKeyPair().getPrivate();
        String pkcs8 = HexFormat.of().formatHex(key.getEncoded());
        String secret = pkcs8.substring(pkcs8.indexOf("0420") + 4).substring(0, 64);
        String sec1 = "3031" + "020101" + "0420" + secret + "a00a" + "06082a8648ce3d030107";
        String old = pem("EC PRIVATE KEY", HexFormat.of().parseHex(sec1));
        ECPrivateKey decoded = (ECPrivateKey) decode("EC", PemKey.asPkcs8(old));
        assertThat(decoded.getS()).isEqualTo(((ECPrivateKey) key).getS());
        assertThat(decoded.getParams().getOrder())
                .isEqualTo(((ECPrivateKey) key).getParams().getOrder());
    }

    /** Written by OpenSSL 3, which has two ways of its own to lock a key. */
    private static PrivateKey file(String name, String password) throws IOException {
        return PemKey.read(Files.readString(Path.of("src/test/resources/pem", name)), Optional.of(password));
    }

    @Test
    void aKeyWithAPasswordIsTheSameKey() throws IOException {
        BigInteger secret = ((ECPrivateKey) file("plain.pem", "not needed")).getS();
        for (String locked : List.of("pkcs8-aes.pem", "pkcs8-3des.pem", "sec1-aes.pem")) {
            ECPrivateKey opened = (ECPrivateKey) file(locked, "open-sesame");
            assertThat(opened.getS()).as(locked).isEqualTo(secret);
        }
        PrivateKey rsa = file("rsa-plain.pem", "not needed");
        for (String locked : List.of("pkcs1-aes.pem", "pkcs1-3des.pem")) {
            assertThat(file(locked, "open-sesame")).as(locked).isEqualTo(rsa);
        }
        assertThat(file("ed25519.pem", "not needed").getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void aWrongPasswordIsSaid() {
        for (String locked : List.of("pkcs8-aes.pem", "sec1-aes.pem", "pkcs1-3des.pem")) {
            assertThatThrownBy(() -> file(locked, "open-barley"))
                    .as(locked)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("open-barley");
        }
    }

    @Test
    void whatCannotBeUsedIsSaid() {
        assertThatThrownBy(() -> PemKey.asPkcs8("nothing")).hasMessageContaining("no private key");
        assertThatThrownBy(() -> PemKey.asPkcs8(pem("ENCRYPTED PRIVATE KEY", new byte[8])))
                .hasMessageContaining("encrypted");
        assertThatThrownBy(() -> PemKey.asPkcs8(pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1})))
                .hasMessageContaining("does not name its curve");
    }
}
