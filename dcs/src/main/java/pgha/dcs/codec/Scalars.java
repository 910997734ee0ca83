package pgha.dcs.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Booleans and numbers as Patroni's users write them. Pure. */
public final class Scalars {
    private static final Pattern NUMBER =
            Pattern.compile("([-+]?)(0[xX][0-9a-fA-F]+|\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d{1,3})?|\\.\\d+)\\s*([A-Za-z]*)");

    private static final Map<String, Long> BYTES =
            Map.of("B", 1L, "kB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

    private static final Map<String, Long> MICROSECONDS = Map.of(
            "us", 1L, "ms", 1_000L, "s", 1_000_000L, "min", 60_000_000L, "h", 3_600_000_000L, "d", 86_400_000_000L);

    private Scalars() {}

    /** {@code on/true/yes/1} and {@code off/false/no/0} in any case; anything else is empty. */
    public static Optional<Boolean> parseBoolean(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> Optional.of(true);
            case "off", "false", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** A whole number without a unit: decimal, hexadecimal or octal as in C, fractions rounded half to even. */
    public static Optional<Long> parseInteger(String text) {
        return parse(text).filter(n -> n.unit.isEmpty()).flatMap(n -> whole(n.value));
    }

    /** A whole number of {@code baseUnit} ({@code B}, {@code kB}, {@code s}, ...), with any unit of the same kind. */
    public static Optional<Long> parseInteger(String text, String baseUnit) {
        Map<String, Long> units = BYTES.containsKey(baseUnit) ? BYTES : MICROSECONDS;
        long base = Objects.requireNonNull(units.get(baseUnit), baseUnit);
        return parse(text).flatMap(n -> Optional.ofNullable(units.get(n.unit.isEmpty() ? baseUnit : n.unit))
                .flatMap(factor -> whole(n.value
                        .multiply(BigDecimal.valueOf(factor))
                        .divide(BigDecimal.valueOf(base), 10, RoundingMode.HALF_EVEN))));
    }

    private record Quantity(BigDecimal value, String unit) {}

    private static Optional<Quantity> parse(String text) {
        Matcher matcher = NUMBER.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String digits = matcher.group(2);
        BigDecimal value = magnitude(digits);
        return Optional.of(new Quantity("-".equals(matcher.group(1)) ? value.negate() : value, matcher.group(3)));
    }

    private static BigDecimal magnitude(String digits) {
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            return new BigDecimal(new BigInteger(digits.substring(2), 16));
        }
        if (digits.matches("0[0-7]+")) {
            return new BigDecimal(new BigInteger(digits, 8));
        }
        return new BigDecimal(digits);
    }

    private static Optional<Long> whole(BigDecimal value) {
        BigInteger rounded = value.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
        return rounded.bitLength() < Long.SIZE ? Optional.of(rounded.longValue()) : Optional.empty();
    }
}
