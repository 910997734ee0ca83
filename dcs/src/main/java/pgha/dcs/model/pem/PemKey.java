package pgha.dcs.model.pem;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in PEM, whichever way they were wrapped.
 *
 * <p>Pure. The JDK reads PKCS#8 only; openssl of old writes PKCS#1 (RSA) and SEC 1 (EC), whose bytes are what PKCS#8
 * has inside.
 */
public final class PemKey {
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----(.*?)-----END \\1PRIVATE KEY-----", Pattern.DOTALL);

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int EC_PARAMETERS = 0xA0;
    private static final byte[] VERSION_0 = bytes("020100");
    private static final byte[] RSA = bytes("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY = bytes("06072a8648ce3d0201");

    private PemKey() {}

    /**
     * The first private key of {@code pem} as a PKCS#8 block.
     *
     * @throws IllegalArgumentException if there is none, or it has a password
     */
    public static String asPkcs8(String pem) {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(der(pem, Optional.empty()))
                + "\n-----END PRIVATE KEY-----\n";
    }

    /**
     * The first private key of {@code pem}.
     *
     * @param password for a key that has one; a key that has none is read all the same
     * @throws IllegalArgumentException with a sentence that says what is wrong with the file's key
     */
    public static PrivateKey read(String pem, Optional<String> password) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der(pem, password));
        return ALGORITHMS.stream()
                .flatMap(algorithm -> keyOf(algorithm, spec).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it is no key of " + String.join(", ", ALGORITHMS)));
    }

    /** Only the key itself knows its algorithm: it is tried. */
    private static Optional<PrivateKey> keyOf(String algorithm, PKCS8EncodedKeySpec spec) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
        } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
            return Optional.empty();
        }
    }

    private static byte[] der(String pem, Optional<String> password) {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException("there is no private key in PEM form in it");
        }
        String kind = String.valueOf(block.group(1)).strip();
        String content = block.group(2);
        boolean traditional = content.contains("ENCRYPTED");
        if (password.isEmpty() && (traditional || kind.equals("ENCRYPTED"))) {
            throw new IllegalArgumentException("it is encrypted, and no password is given");
        }
        byte[] key = traditional ? EncryptedKey.openTraditional(content, password.get()) : base64(content);
        try {
            return switch (kind) {
                case "RSA" -> wrap(RSA, key);
                case "EC" -> wrap(encoded(SEQUENCE, EC_PUBLIC_KEY, curveOf(key)), key);
                case "ENCRYPTED" -> EncryptedKey.openPkcs8(key, password.orElseThrow());
                default -> key;
            };
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("it is cut off", e);
        }
    }

    static byte[] base64(String text) {
        return Base64.getMimeDecoder().decode(text);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return encoded(SEQUENCE, VERSION_0, algorithm, encoded(OCTET_STRING, key));
    }

    /** The object identifier of the curve: the content of the element [0] in the outer sequence. */
    private static byte[] curveOf(byte[] sec1) {
        int at = contentOf(sec1, 0);
        while (at < sec1.length) {
            int content = contentOf(sec1, at);
            int end = content + lengthAt(sec1, at);
            if ((sec1[at] & 0xFF) == EC_PARAMETERS) {
                return Arrays.copyOfRange(sec1, content, end);
            }
            at = end;
        }
        throw new IllegalArgumentException("it does not name its curve");
    }

    private static int contentOf(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int lengthAt(byte[] der, int at) {
        int length = 0;
        if ((der[at + 1] & 0xFF) < 0x80) {
            return der[at + 1];
        }
        for (int i = at + 2; i < contentOf(der, at); i++) {
            length = (length << 8) | (der[i] & 0xFF);
        }
        return length;
    }

    private static byte[] encoded(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] header = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        byte[] result = Arrays.copyOf(header, header.length + length);
        int at = header.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, result, at, part.length);
            at += part.length;
        }
        return result;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
