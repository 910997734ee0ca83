package pgha.vip.netlink;

import java.util.HexFormat;

/** Bytes as tests write them: hexadecimal, blanks and line ends anywhere. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static String compact(String hex) {
        return of(bytes(hex));
    }

    static NetlinkMessage message(String hex) {
        return NetlinkMessage.decode(bytes(hex)).get(0);
    }
}
