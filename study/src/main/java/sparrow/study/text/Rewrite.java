package sparrow.study.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Every match of a pattern becomes a replacement.
 *
 * @param replacement as in {@link java.util.regex.Matcher#replaceAll(String)}
 */
record Rewrite(Pattern pattern, String replacement) {
    static Rewrite of(String pattern, String replacement) {
        return new Rewrite(Letters.unicode(pattern), replacement);
    }

    String apply(String text) {
        return pattern.matcher(text).replaceAll(replacement);
    }

    /** One after the other, each on what the one before left. */
    static String all(List<Rewrite> rewrites, String text) {
        String rewritten = text;
        for (Rewrite rewrite : rewrites) rewritten = rewrite.apply(rewritten);
        return rewritten;
    }
}
