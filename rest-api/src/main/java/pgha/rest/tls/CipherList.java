package pgha.rest.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Chooses ciphers as OpenSSL's cipher lists do, such as {@code ECDHE+AESGCM:!aNULL:-SHA}.
 *
 * <p>Pure; names are OpenSSL's. What is taken in, left out ({@code -}), banned ({@code !}) or moved to the end ({@code +})
 * follows ciphers(1). Words that mean nothing here (ciphers that nobody has any more, {@code @STRENGTH}) change nothing.
 * The list is about TLS 1.2; the ciphers of TLS 1.3 are not of its kind and stay, as with OpenSSL.
 */
public final class CipherList {
    private static final String OF_TLS_1_3 = "TLS_";

    private CipherList() {}

    /**
     * @param available OpenSSL's names of what there is, the preferred ones first
     * @throws IllegalArgumentException if that leaves nothing for TLS 1.2
     */
    public static List<String> select(String list, List<String> available) {
        Set<String> chosen = new LinkedHashSet<>();
        Set<String> banned = new LinkedHashSet<>();
        for (String word : list.strip().split("[:, ]+")) {
            apply(word, available, chosen, banned);
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no cipher that is available here fits \"" + list + "\"");
        }
        List<String> result = new ArrayList<>(
                available.stream().filter(name -> name.startsWith(OF_TLS_1_3)).toList());
        result.addAll(chosen);
        return result;
    }

    private static void apply(String word, List<String> available, Set<String> chosen, Set<String> banned) {
        if (word.isEmpty()) {
            return;
        }
        char sign = word.charAt(0);
        List<String> meant = meant("!-+".indexOf(sign) < 0 ? word : word.substring(1), available);
        switch (sign) {
            case '!' -> {
                meant.forEach(chosen::remove);
                banned.addAll(meant);
            }
            case '-' -> meant.forEach(chosen::remove);
            case '+' -> {
                List<String> moved = meant.stream().filter(chosen::contains).toList();
                moved.forEach(chosen::remove);
                chosen.addAll(moved);
            }
            default -> meant.stream().filter(name -> !banned.contains(name)).forEach(chosen::add);
        }
    }

    /** Words with a plus between them have to hold all at once. */
    private static List<String> meant(String words, List<String> available) {
        return available.stream()
                .filter(name -> !name.startsWith(OF_TLS_1_3))
                .filter(name -> Arrays.stream(words.split("\\+")).allMatch(word -> fits(name, word)))
                .toList();
    }

    private static boolean fits(String name, String word) {
        boolean ephemeral = name.startsWith("ECDHE-");
        boolean finite = name.startsWith("DHE-");
        boolean old = name.endsWith("-SHA");
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "ALL", "DEFAULT", "HIGH" -> !name.contains("DES") && !name.contains("PSK") && !name.contains("NULL");
            case "ECDHE", "KECDHE", "EECDH", "KEECDH" -> ephemeral;
            case "DHE", "KDHE", "EDH", "KEDH" -> finite;
            case "KRSA" -> !ephemeral && !finite;
            case "ARSA", "RSA" -> name.contains("-RSA-") || (!ephemeral && !finite);
            case "ECDSA", "AECDSA" -> name.contains("ECDSA");
            case "AESGCM" -> name.contains("AES") && name.contains("GCM");
            case "CHACHA20" -> name.contains("CHACHA20");
            case "AES", "AES128", "AES256", "PSK", "NULL", "CAMELLIA" -> name.contains(word.toUpperCase(Locale.ROOT));
            case "3DES" -> name.contains("DES-CBC3");
            case "SHA", "SHA1" -> old;
            case "SHA256", "SHA384" -> name.endsWith("-" + word.toUpperCase(Locale.ROOT));
            case "TLSV1.2" -> !old;
            case "TLSV1", "TLSV1.0" -> old && ephemeral;
            case "SSLV3" -> old && !ephemeral;
            default -> name.equalsIgnoreCase(word);
        };
    }
}
