package sparrow.study.text;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The meaning of a word within a number. A suffix ("th", "s") ends the number; cardinals have an empty suffix. */
sealed interface NumberWord {
    /** The word "zero" or "oh". */
    record Zero() implements NumberWord {}

    /** A word from "one" to "nineteen", or its ordinal or plural, such as "third" or "sixes". */
    record Ones(int value, String suffix) implements NumberWord {}

    /** A word from "twenty" to "ninety", or its ordinal or plural, such as "fiftieth" or "fifties". */
    record Tens(int value, String suffix) implements NumberWord {}

    /** The word "hundred", "thousand", or another power of a thousand. */
    record Multiplier(BigInteger value, String suffix) implements NumberWord {}

    /** The word "minus" or "plus" before a number. */
    record Sign(String symbol) implements NumberWord {}

    /** The name of a coin or note, whose symbol is written before the preceding number. */
    record Currency(String symbol) implements NumberWord {}

    /** The word "percent". */
    record Percent() implements NumberWord {}

    /** The word "per" in "per cent". */
    record Per() implements NumberWord {}

    /** The word "and", which is ignored after a multiplier. */
    record And() implements NumberWord {}

    /** The word "double" or "triple" before a digit. */
    record Repeat(int times) implements NumberWord {}

    /** The word "point" before decimals. */
    record Point() implements NumberWord {}

    /** Returns the meaning of a lower-case word, or empty if numbers do not contain the word. */
    static Optional<NumberWord> of(String word) {
        return Optional.ofNullable(Vocabulary.WORDS.get(word));
    }

    /** Returns whether the word may continue the digits after a decimal point. */
    default boolean isDecimal() {
        return this instanceof Zero || isCardinal(Ones.class) || isCardinal(Tens.class);
    }

    /** Returns whether the word is of the given kind and has no suffix. */
    default boolean isCardinal(Class<? extends NumberWord> kind) {
        return kind.isInstance(this) && suffix().isEmpty();
    }

    /**
     * Returns the suffix of a number that ends with this word, which is empty unless the word is an ordinal or a
     * plural.
     */
    default String suffix() {
        return "";
    }

    /**
     * All words. The words are not fields of the interface, because fields would be inherited by its implementations.
     */
    final class Vocabulary {
        private static final List<String> ONES = List.of("""
                one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
                sixteen seventeen eighteen nineteen
                """.split("\\s+"));
        private static final List<String> TENS =
                List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));
        private static final List<String> MULTIPLIERS = List.of("""
                hundred thousand million billion trillion quadrillion quintillion sextillion septillion
                octillion nonillion decillion
                """.split("\\s+"));
        private static final Map<String, NumberWord> WORDS = words();

        private Vocabulary() {}

        private static Map<String, NumberWord> words() {
            Map<String, NumberWord> words = new HashMap<>();
            for (String zero : List.of("o", "oh", "zero")) words.put(zero, new Zero());
            words.put("zeroth", new Ones(0, "th"));
            for (int i = 0; i < ONES.size(); i++) putOnes(words, ONES.get(i), i + 1);
            for (int i = 0; i < TENS.size(); i++) putTens(words, TENS.get(i), 10 * (i + 2));
            for (int i = 0; i < MULTIPLIERS.size(); i++) {
                // Hundred, thousand, million and so on have 2, 3, 6, 9, ... zeros.
                putMultiplier(words, MULTIPLIERS.get(i), BigInteger.TEN.pow(i == 0 ? 2 : 3 * i));
            }
            for (String minus : List.of("minus", "negative")) words.put(minus, new Sign("-"));
            for (String plus : List.of("plus", "positive")) words.put(plus, new Sign("+"));
            Map<String, String> currencies = Map.of("pound", "£", "euro", "€", "dollar", "$", "cent", "¢");
            currencies.forEach((name, symbol) -> {
                words.put(name, new Currency(symbol));
                words.put(name + "s", new Currency(symbol));
            });
            words.put("percent", new Percent());
            words.put("per", new Per());
            words.put("and", new And());
            words.put("double", new Repeat(2));
            words.put("triple", new Repeat(3));
            words.put("point", new Point());
            return Map.copyOf(words);
        }

        private static void putOnes(Map<String, NumberWord> words, String name, int value) {
            words.put(name, new Ones(value, ""));
            words.put(value == 6 ? "sixes" : name + "s", new Ones(value, "s"));
            switch (value) {
                case 1 -> words.put("first", new Ones(value, "st"));
                case 2 -> words.put("second", new Ones(value, "nd"));
                case 3 -> words.put("third", new Ones(value, "rd"));
                case 5 -> words.put("fifth", new Ones(value, "th"));
                case 12 -> words.put("twelfth", new Ones(value, "th"));
                // This produces "eighth", but also "nineth", as in the reference.
                default -> words.put(name + (name.endsWith("t") ? "h" : "th"), new Ones(value, "th"));
            }
        }

        private static void putTens(Map<String, NumberWord> words, String name, int value) {
            words.put(name, new Tens(value, ""));
            words.put(name.replace("y", "ies"), new Tens(value, "s"));
            words.put(name.replace("y", "ieth"), new Tens(value, "th"));
        }

        private static void putMultiplier(Map<String, NumberWord> words, String name, BigInteger value) {
            words.put(name, new Multiplier(value, ""));
            words.put(name + "s", new Multiplier(value, "s"));
            words.put(name + "th", new Multiplier(value, "th"));
        }
    }
}
