package pgha.rest.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists as people have them, against what {@code openssl ciphers LIST} makes of them. */
class CipherListTest {
    private static final List<String> AVAILABLE = List.of(
            "TLS_AES_256_GCM_SHA384",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-SHA",
            "AES256-GCM-SHA384",
            "AES128-SHA",
            "DES-CBC3-SHA");

    private static List<String> select(String list) {
        List<String> chosen = CipherList.select(list, AVAILABLE);
        assertThat(chosen).startsWith("TLS_AES_256_GCM_SHA384");
        return chosen.subList(1, chosen.size());
    }

    @Test
    void namesComeInTheOrderOfTheList() {
        assertThat(select("AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384:!SSLv2:!TLSv1.1"))
                .containsExactly("AES128-SHA", "ECDHE-RSA-AES256-GCM-SHA384");
    }

    @Test
    void wordsChooseAndBan() {
        assertThat(select("HIGH:!aNULL:!kRSA:-SHA"))
                .containsExactly(
                        "ECDHE-ECDSA-AES256-GCM-SHA384",
                        "ECDHE-RSA-AES256-GCM-SHA384",
                        "ECDHE-RSA-CHACHA20-POLY1305",
                        "ECDHE-RSA-AES128-GCM-SHA256");
        assertThat(select("EECDH+AESGCM+aRSA CHACHA20"))
                .containsExactly(
                        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305");
        assertThat(select("AESGCM:+ECDSA:@STRENGTH"))
                .containsExactly(
                        "ECDHE-RSA-AES256-GCM-SHA384",
                        "ECDHE-RSA-AES128-GCM-SHA256",
                        "AES256-GCM-SHA384",
                        "ECDHE-ECDSA-AES256-GCM-SHA384");
    }

    @Test
    void whatIsBannedStaysOut() {
        assertThat(select("!AES128-SHA:ALL:AES128-SHA")).doesNotContain("AES128-SHA", "DES-CBC3-SHA");
    }

    @Test
    void aListWithoutAnyCipherIsRefused() {
        assertThatThrownBy(() -> select("RC4-MD5:!AES"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RC4-MD5:!AES");
    }
}
