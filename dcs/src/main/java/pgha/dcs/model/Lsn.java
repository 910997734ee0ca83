package pgha.dcs.model;

/** A position in the write-ahead log. Immutable; printed as PostgreSQL prints a {@code pg_lsn}. */
public record Lsn(long bytes) implements Comparable<Lsn> {
    public static final Lsn ZERO = new Lsn(0);

    /** @throws IllegalArgumentException if {@code text} is not two hexadecimal halves with a slash between */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        try {
            long high = Long.parseUnsignedLong(text, 0, slash, 16);
            long low = Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
            if ((high | low) >>> 32 != 0) {
                throw new NumberFormatException("more than 32 bits in a half");
            }
            return new Lsn(high << 32 | low);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not an LSN: \"" + text + "\"; expected the form 16/B374D848", e);
        }
    }

    public boolean isAheadOf(Lsn other) {
        return compareTo(other) > 0;
    }

    /** How far this is ahead of {@code other}; zero if it is not. */
    public ByteCount minus(Lsn other) {
        return isAheadOf(other) ? new ByteCount(bytes - other.bytes) : ByteCount.ZERO;
    }

    public static Lsn min(Lsn a, Lsn b) {
        return a.isAheadOf(b) ? b : a;
    }

    public static Lsn max(Lsn a, Lsn b) {
        return b.isAheadOf(a) ? b : a;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(bytes >>> 32, bytes & 0xFFFF_FFFFL);
    }
}
