package pgha.dcs.model.pem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens private keys that have a password.
 *
 * <p>Pure. There are two ways to lock one: PKCS#8's own, and OpenSSL's older one, with the method in a header of the
 * block and a key derived by MD5 (EVP_BytesToKey with one round), as {@code openssl rsa -aes256 -traditional} writes.
 */
final class EncryptedKey {
    private static final Pattern METHOD =
            Pattern.compile("DEK-Info:\\s*([A-Z0-9-]+),([0-9A-Fa-f]+)\\s+(.*)", Pattern.DOTALL);
    private static final int SALT_BYTES = 8;

    private EncryptedKey() {}

    /** @throws IllegalArgumentException if the password is wrong, or the method unknown */
    static byte[] openPkcs8(byte[] der, String password) {
        try {
            EncryptedPrivateKeyInfo locked = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = locked.getAlgParameters();
            // Of the second generation only the parameters know the name.
            boolean second =
                    locked.getAlgName().equals("PBES2") || locked.getAlgName().startsWith("1.2.840.113549.1.5.13");
            String method = second ? String.valueOf(parameters) : locked.getAlgName();
            Cipher cipher = Cipher.getInstance(method);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(method).generateSecret(new PBEKeySpec(password.toCharArray())),
                    parameters);
            return cipher.doFinal(locked.getEncryptedData());
        } catch (GeneralSecurityException | IOException e) {
            throw wrong(e);
        }
    }

    /**
     * @param block what is between BEGIN and END: headers, an empty line, base64
     * @throws IllegalArgumentException if the password is wrong, or the method unknown
     */
    static byte[] openTraditional(String block, String password) {
        Matcher method = METHOD.matcher(block);
        if (!method.find()) {
            throw new IllegalArgumentException("it is encrypted, and does not say how");
        }
        byte[] start = HexFormat.of().parseHex(method.group(2).toLowerCase(Locale.ROOT));
        byte[] locked = PemKey.base64(method.group(3));
        String name = method.group(1);
        try {
            Cipher cipher = Cipher.getInstance(transformation(name));
            byte[] key = derived(password, Arrays.copyOf(start, SALT_BYTES), keyBytes(name));
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, cipher.getAlgorithm().replaceFirst("/.*", "")),
                    new IvParameterSpec(start));
            return cipher.doFinal(locked);
        } catch (GeneralSecurityException e) {
            throw wrong(e);
        }
    }

    private static String transformation(String name) {
        return switch (name) {
            case "AES-128-CBC", "AES-192-CBC", "AES-256-CBC" -> "AES/CBC/PKCS5Padding";
            case "DES-EDE3-CBC" -> "DESede/CBC/PKCS5Padding";
            case "DES-CBC" -> "DES/CBC/PKCS5Padding";
            default ->
                throw new IllegalArgumentException(
                        "it is encrypted by %s, which is not known; write it anew with \"openssl pkcs8 -topk8\""
                                .formatted(name));
        };
    }

    private static int keyBytes(String name) {
        return switch (name) {
            case "AES-128-CBC" -> 16;
            case "AES-256-CBC" -> 32;
            case "DES-CBC" -> 8;
            default -> 24;
        };
    }

    private static byte[] derived(String password, byte[] salt, int length) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] key = new byte[length];
        byte[] previous = new byte[0];
        for (int filled = 0; filled < length; filled += previous.length) {
            md5.update(previous);
            md5.update(password.getBytes(StandardCharsets.UTF_8));
            previous = md5.digest(salt);
            System.arraycopy(previous, 0, key, filled, Math.min(previous.length, length - filled));
        }
        return key;
    }

    private static IllegalArgumentException wrong(Exception e) {
        String sentence = e instanceof BadPaddingException
                ? "the password does not open it"
                : "it cannot be decrypted: " + e.getMessage();
        return new IllegalArgumentException(sentence, e);
    }
}
