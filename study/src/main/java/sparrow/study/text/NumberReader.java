package sparrow.study.text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a list of words from left to right, and writes the numbers among them as digits. A number is extended word by
 * word until a word does not continue it. A sign or currency is written with the next number or word.
 */
final class NumberReader {
    private static final Pattern DIGITS = Letters.unicode("\\d+(\\.\\d+)?");
    private static final String SYMBOLS = "-+£€$¢";

    private final List<String> words;
    private final List<String> written = new ArrayList<>();
    private int place;
    private Optional<Numeral> numeral = Optional.empty();
    private String prefix = "";

    private NumberReader(List<String> words) {
        this.words = words;
    }

    static List<String> read(List<String> words) {
        NumberReader reader = new NumberReader(words);
        for (reader.place = 0; reader.place < words.size(); reader.place++) reader.readWord();
        reader.finish();
        return reader.written;
    }

    private void readWord() {
        String word = words.get(place);
        String unsigned = SYMBOLS.indexOf(word.charAt(0)) >= 0 ? word.substring(1) : word;
        if (DIGITS.matcher(unsigned).matches()) {
            readDigits(word, unsigned);
            return;
        }
        switch (NumberWord.of(word).orElse(null)) {
            case null -> finishAndWrite(word);
            case NumberWord.Zero() -> append("0");
            case NumberWord.Ones(int value, String suffix) ->
                grow(numeral.map(n -> n.then(value, meaning(place - 1))).orElse(Numeral.Count.of(value)), suffix);
            case NumberWord.Tens(int value, String suffix) ->
                grow(numeral.map(n -> n.thenTens(value)).orElse(Numeral.Count.of(value)), suffix);
            case NumberWord.Multiplier multiplier -> multiply(multiplier);
            case NumberWord.Sign(String symbol) -> readSign(word, symbol);
            case NumberWord.Currency(String symbol) -> readCurrency(word, symbol);
            case NumberWord.Percent() -> readPercent(word);
            case NumberWord.Per() -> readPer(word);
            case NumberWord.And() -> readAnd(word);
            case NumberWord.Repeat(int times) -> readRepeat(word, times);
            case NumberWord.Point() -> readPoint(word);
        }
    }

    /** Reads digits. After a point, the digits continue a number; otherwise, they start a new number. */
    private void readDigits(String word, String unsigned) {
        if (numeral.isPresent() && numeral.get().text().endsWith(".")) {
            append(word);
            return;
        }
        finish();
        if (!word.equals(unsigned)) prefix = word.substring(0, 1);
        BigDecimal value = new BigDecimal(unsigned);
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        numeral = Optional.of(whole ? new Numeral.Count(value.toBigInteger()) : new Numeral.Digits(unsigned));
    }

    private void multiply(NumberWord.Multiplier multiplier) {
        Optional<Numeral> product = numeral.flatMap(n -> n.times(multiplier.value()));
        if (product.isEmpty()) finish();
        grow(product.orElse(new Numeral.Count(multiplier.value())), multiplier.suffix());
    }

    private void readSign(String word, String symbol) {
        finish();
        if (nextIsNumber()) prefix = symbol;
        else write(word);
    }

    private void readCurrency(String word, String symbol) {
        if (numeral.isPresent()) prefix = symbol;
        finishOrWrite(word);
    }

    private void readPercent(String word) {
        if (numeral.isPresent()) end("%");
        else write(word);
    }

    private void readPer(String word) {
        if (numeral.isPresent()
                && place + 1 < words.size()
                && words.get(place + 1).equals("cent")) {
            end("%");
            place++;
        } else {
            finishAndWrite(word);
        }
    }

    private void readAnd(String word) {
        boolean afterMultiplier = meaning(place - 1)
                .map(before -> before.isCardinal(NumberWord.Multiplier.class))
                .orElse(false);
        if (!afterMultiplier || !nextIsNumber()) finishAndWrite(word);
    }

    private void readRepeat(String word, int times) {
        Optional<String> digit = meaning(place + 1).flatMap(NumberReader::digit);
        if (digit.isEmpty()) {
            finishAndWrite(word);
            return;
        }
        append(digit.get().repeat(times));
        place++;
    }

    private static Optional<String> digit(NumberWord word) {
        return switch (word) {
            case NumberWord.Zero() -> Optional.of("0");
            case NumberWord.Ones(int value, String suffix)
            when suffix.isEmpty() -> Optional.of(Integer.toString(value));
            default -> Optional.empty();
        };
    }

    /** Reads a point. As in the reference, a point before a number word that is not a decimal is dropped. */
    private void readPoint(String word) {
        if (!nextIsNumber()) finishAndWrite(word);
        else if (nextIsDigits() || meaning(place + 1).orElseThrow().isDecimal()) append(".");
    }

    /** Appends digits to the number. As in the reference, a lone zero is not a number. */
    private void append(String digits) {
        Optional<Numeral> before = numeral.filter(n -> !n.equals(Numeral.Count.of(0)));
        numeral = Optional.of(before.map(n -> n.followedBy(digits)).orElse(new Numeral.Digits(digits)));
    }

    private void grow(Numeral grown, String suffix) {
        numeral = Optional.of(grown);
        if (!suffix.isEmpty()) end(suffix);
    }

    private void end(String suffix) {
        numeral = Optional.of(numeral.orElseThrow().followedBy(suffix));
        finish();
    }

    private void finish() {
        Optional<Numeral> finished = numeral;
        numeral = Optional.empty();
        finished.map(Numeral::text).ifPresent(this::write);
    }

    private void finishAndWrite(String word) {
        finish();
        write(word);
    }

    private void finishOrWrite(String word) {
        if (numeral.isPresent()) finish();
        else write(word);
    }

    private void write(String text) {
        written.add(prefix + text);
        prefix = "";
    }

    private boolean nextIsNumber() {
        return nextIsDigits() || meaning(place + 1).isPresent();
    }

    private boolean nextIsDigits() {
        return place + 1 < words.size() && DIGITS.matcher(words.get(place + 1)).matches();
    }

    private Optional<NumberWord> meaning(int place) {
        return place >= 0 && place < words.size() ? NumberWord.of(words.get(place)) : Optional.empty();
    }
}
