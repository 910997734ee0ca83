package pgha.dcs.model;

/** A number of bytes, such as the distance between two LSNs. Immutable, never negative. */
public record ByteCount(long value) implements Comparable<ByteCount> {
    public static final ByteCount ZERO = new ByteCount(0);

    public ByteCount {
        if (value < 0) {
            throw new IllegalArgumentException("not a number of bytes: " + value);
        }
    }

    public boolean exceeds(ByteCount limit) {
        return value > limit.value;
    }

    @Override
    public int compareTo(ByteCount other) {
        return Long.compare(value, other.value);
    }

    /** In people's units: {@code 512 B}, {@code 16 kB}, {@code 1.5 MB}. */
    @Override
    public String toString() {
        if (value < 1024) {
            return value + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB"};
        double amount = value;
        int unit = -1;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        String number = amount == Math.rint(amount)
                ? Long.toString((long) amount)
                : String.format(java.util.Locale.ROOT, "%.1f", amount);
        return number + " " + units[unit];
    }
}
