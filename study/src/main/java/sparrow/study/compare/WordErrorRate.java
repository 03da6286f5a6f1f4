package sparrow.study.compare;

import java.util.List;
import sparrow.app.report.Mean;
import sparrow.study.report.FactMean;
import sparrow.study.text.WordErrors;

/**
 * The word error rate of a corpus: the number of word errors divided by the number of reference words.
 *
 * @param percent rate in percent, or null if there are no utterances
 * @param standardError standard error in percent over facts, as for a ratio of two sums; null if there are fewer than
 *     two facts
 * @param edits number of word errors
 * @param words number of reference words
 * @param utterances number of utterances
 */
public record WordErrorRate(Double percent, Double standardError, int edits, int words, int utterances) {
    /** The word errors of an utterance about a fact. */
    record Heard(Object fact, WordErrors errors) {}

    static WordErrorRate of(List<Heard> utterances) {
        WordErrors sum = utterances.stream().map(Heard::errors).reduce(WordErrors.NONE, WordErrors::plus);
        int n = utterances.size();
        if (n == 0) return new WordErrorRate(null, null, 0, 0, 0);
        double rate = sum.rate();
        Mean mean = FactMean.of(
                100 * rate,
                utterances.stream()
                        .map(one -> new FactMean.Residual(
                                one.fact(),
                                100
                                        * (one.errors().edits()
                                                - rate * one.errors().referenceWords())
                                        / sum.referenceWords()))
                        .toList());
        Double error = sum.referenceWords() == 0 ? null : mean.standardError();
        return new WordErrorRate(100 * rate, error, sum.edits(), sum.referenceWords(), n);
    }

    /** Returns the rate, in percent, as a mean over utterances. */
    public Mean mean() {
        return new Mean(percent, standardError, utterances);
    }
}
