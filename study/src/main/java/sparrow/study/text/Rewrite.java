package sparrow.study.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Replaces each match of a pattern.
 *
 * @param replacement replacement as in {@link java.util.regex.Matcher#replaceAll(String)}
 */
record Rewrite(Pattern pattern, String replacement) {
    static Rewrite of(String pattern, String replacement) {
        return new Rewrite(Letters.unicode(pattern), replacement);
    }

    String apply(String text) {
        return pattern.matcher(text).replaceAll(replacement);
    }

    /** Applies rewrites in order, each to the result of the previous rewrite. */
    static String all(List<Rewrite> rewrites, String text) {
        String rewritten = text;
        for (Rewrite rewrite : rewrites) rewritten = rewrite.apply(rewritten);
        return rewritten;
    }
}
