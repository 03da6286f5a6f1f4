package sparrow.study.judge;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import sparrow.study.data.Item;
import sparrow.study.text.EnglishNormalizer;

/**
 * Compares a reply with the reference answers word by word, any of which will do. Both are normalised for English first,
 * unless they are compared verbatim, which makes "twenty-five" and "25" the same, and then cut into runs of letters and digits. Containment is the
 * {@code has_answer} of DrQA (Chen et al., 2017) over these words; it knows no word inside of another.
 */
public record MatchJudge(Rule rule) implements Judge {
    /** The part of the reply that must be the answer. */
    public enum Rule {
        /** All of it. */
        EXACT,
        /** Some words of it, one after the other. */
        CONTAINS,
        /** All of it, letter by letter: no number or spelling is normalised. Punctuation, which no recogniser writes, is ignored. */
        VERBATIM
    }

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");

    /** Items without answers stay ungraded. */
    @Override
    public Verdict judge(Item item, String reply) {
        List<List<String>> answers = item.answers().stream()
                .map(this::words)
                .filter(words -> !words.isEmpty()) // else it would be contained in everything
                .toList();
        if (answers.isEmpty()) return new Verdict.Ungraded(item.id() + ": no reference answer with words");
        List<String> said = words(reply);
        return Verdict.correct(answers.stream().anyMatch(answer -> matches(said, answer)));
    }

    private boolean matches(List<String> said, List<String> answer) {
        return rule == Rule.CONTAINS ? Collections.indexOfSubList(said, answer) >= 0 : said.equals(answer);
    }

    private List<String> words(String text) {
        return WORD.matcher(rule == Rule.VERBATIM ? text.toLowerCase(Locale.ROOT) : EnglishNormalizer.apply(text))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
