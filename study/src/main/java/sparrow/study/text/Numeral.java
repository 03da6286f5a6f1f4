package sparrow.study.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** The part of a number that has been read so far: a count that words add to, or digits that words are appended to. */
sealed interface Numeral {
    BigInteger THOUSAND = BigInteger.valueOf(1000);

    /** A whole number, such as that of "two hundred". */
    record Count(BigInteger value) implements Numeral {
        static Count of(long value) {
            return new Count(BigInteger.valueOf(value));
        }

        @Override
        public String text() {
            return value.toString();
        }

        private boolean endsWithZeros(int power) {
            return value.mod(BigInteger.valueOf(power)).signum() == 0;
        }

        private Count plus(int more) {
            return new Count(value.add(BigInteger.valueOf(more)));
        }
    }

    /** Digits as they were said, such as those of "one oh one", and decimals. */
    record Digits(String text) implements Numeral {}

    /** The number in digits. */
    String text();

    /** A copy with digits appended. */
    default Digits followedBy(String digits) {
        return new Digits(text() + digits);
    }

    /**
     * With a word of one to nineteen after it: "twenty" makes room for "five", "two hundred" for "eleven"; what leaves no
     * room, and what follows another such word, is a list of digits.
     */
    default Numeral then(int ones, Optional<NumberWord> previous) {
        return switch (this) {
            case Digits(String text)
            when ones < 10 && follows(NumberWord.Tens.class, previous) ->
                new Digits(text.substring(0, text.length() - 1) + ones);
            case Count count
            when !follows(NumberWord.Ones.class, previous) && count.endsWithZeros(ones < 10 ? 10 : 100) ->
                count.plus(ones);
            default -> followedBy(Integer.toString(ones));
        };
    }

    /** With "twenty" to "ninety" after it. */
    default Numeral thenTens(int tens) {
        return this instanceof Count count && count.endsWithZeros(100)
                ? count.plus(tens)
                : followedBy(Integer.toString(tens));
    }

    /**
     * Multiplied: of a count only what is below a thousand ("two thousand three hundred"), of digits all, decimals too
     * ("1.5 million"); empty if digits do not give a whole number.
     */
    default Optional<Numeral> times(BigInteger multiplier) {
        return switch (this) {
            case Count(BigInteger value) -> {
                BigInteger below = value.mod(THOUSAND);
                yield Optional.of(new Count(value.subtract(below).add(below.multiply(multiplier))));
            }
            case Digits(String text) -> whole(text, multiplier).map(Count::new);
        };
    }

    private static Optional<BigInteger> whole(String digits, BigInteger multiplier) {
        try {
            return Optional.of(
                    new BigDecimal(digits).multiply(new BigDecimal(multiplier)).toBigIntegerExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty(); // a fraction is left, or these are the digits of an address
        }
    }

    private static boolean follows(Class<? extends NumberWord> kind, Optional<NumberWord> previous) {
        return previous.isPresent() && previous.get().isCardinal(kind);
    }
}
