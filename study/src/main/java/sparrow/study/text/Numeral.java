package sparrow.study.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** The part of a number read so far: a count to which words are added, or digits to which words are appended. */
sealed interface Numeral {
    BigInteger THOUSAND = BigInteger.valueOf(1000);

    /** A whole number, such as "two hundred". */
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

    /** Digits spoken one by one, such as "one oh one", and decimals. */
    record Digits(String text) implements Numeral {}

    /** Returns the number as digits. */
    String text();

    /** Returns a copy with digits appended. */
    default Digits followedBy(String digits) {
        return new Digits(text() + digits);
    }

    /**
     * Returns this numeral followed by one to nineteen. The value is added if the number ends in sufficient zeros, as
     * in "twenty five" or "two hundred eleven". Otherwise, or if the previous word was also one to nineteen, the digits
     * are appended.
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

    /** Returns this numeral followed by "twenty" to "ninety". */
    default Numeral thenTens(int tens) {
        return this instanceof Count count && count.endsWithZeros(100)
                ? count.plus(tens)
                : followedBy(Integer.toString(tens));
    }

    /**
     * Returns the product of this numeral and a multiplier. For a count, only the part below a thousand is multiplied
     * ("two thousand three hundred"). Digits are multiplied as a whole, including decimals ("1.5 million"); the result
     * is empty if it is not a whole number.
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
            return Optional.empty(); // The result has a fraction, or the digits belong to an address.
        }
    }

    private static boolean follows(Class<? extends NumberWord> kind, Optional<NumberWord> previous) {
        return previous.isPresent() && previous.get().isCardinal(kind);
    }
}
