package sparrow.study.text;

import java.util.List;
import java.util.regex.Pattern;

/** Texts as lists of words. */
final class Words {
    private static final Pattern BETWEEN = Letters.unicode("\\s+");

    private Words() {}

    /** The words between white space; none in an empty text. */
    static List<String> of(String text) {
        return BETWEEN.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }
}
