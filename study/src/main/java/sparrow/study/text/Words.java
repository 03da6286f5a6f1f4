package sparrow.study.text;

import java.util.List;
import java.util.regex.Pattern;

/** Splits texts into words. */
final class Words {
    private static final Pattern BETWEEN = Letters.unicode("\\s+");

    private Words() {}

    /** Returns the words separated by white space, or an empty list if the text is empty. */
    static List<String> of(String text) {
        return BETWEEN.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }
}
