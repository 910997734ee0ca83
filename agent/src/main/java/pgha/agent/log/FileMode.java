package pgha.agent.log;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import pgha.dcs.codec.Scalars;

/** The permissions of a file, as {@code chmod} takes them. Immutable. */
public record FileMode(int bits) {
    private static final int ALL = 0777;

    /**
     * Reads a number as Patroni does: octal with a leading zero, decimal without.
     *
     * @throws IllegalArgumentException with a sentence that says what was expected
     */
    public static FileMode parse(String text) {
        return Scalars.parseInteger(text.replaceFirst("^0o", "0"))
                .filter(bits -> bits >= 0 && bits <= ALL)
                .map(bits -> new FileMode(bits.intValue()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected an octal number with a leading zero, from 0 to 0777, found \"" + text + "\""));
    }

    Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromTheHighestBit = PosixFilePermission.values();
        for (int i = 0; i < fromTheHighestBit.length; i++) {
            if ((bits >> (fromTheHighestBit.length - 1 - i) & 1) == 1) {
                permissions.add(fromTheHighestBit[i]);
            }
        }
        return permissions;
    }

    /** Octal, with a leading zero. */
    @Override
    public String toString() {
        return "%04o".formatted(bits);
    }
}
