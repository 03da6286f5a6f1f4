package sparrow.study.judge;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import sparrow.study.data.Item;
import sparrow.study.text.EnglishNormalizer;

/**
 * Compares a reply with each of the reference answers word by word. Unless texts are compared verbatim, the reply and
 * the answer are first normalised for English, which makes "twenty-five" and "25" equal. Then they are split into
 * sequences of letters and digits. Containment is defined as {@code has_answer} in DrQA (Chen et al., 2017), on these
 * words; a word never matches a part of another word.
 */
public record MatchJudge(Rule rule) implements Judge {
    /** The part of the reply that must match the answer. */
    public enum Rule {
        /** The entire reply. */
        EXACT,
        /** Consecutive words of the reply. */
        CONTAINS,
        /**
         * The entire reply, letter by letter, without normalisation of numbers and spelling. Punctuation is ignored
         * because recognisers do not write it.
         */
        VERBATIM
    }

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");

    /** Judges a reply. Items without answers are ungraded. */
    @Override
    public Verdict judge(Item item, String reply) {
        List<List<String>> answers = item.answers().stream()
                .map(this::words)
                .filter(words -> !words.isEmpty()) // An empty answer would be contained in every reply.
                .toList();
        if (answers.isEmpty()) return new Verdict.Ungraded(item.id() + ": no reference answer contains words");
        List<String> replyWords = words(reply);
        return Verdict.correct(answers.stream().anyMatch(answer -> matches(replyWords, answer)));
    }

    private boolean matches(List<String> replyWords, List<String> answer) {
        return rule == Rule.CONTAINS ? Collections.indexOfSubList(replyWords, answer) >= 0 : replyWords.equals(answer);
    }

    private List<String> words(String text) {
        return WORD.matcher(rule == Rule.VERBATIM ? text.toLowerCase(Locale.ROOT) : EnglishNormalizer.apply(text))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
