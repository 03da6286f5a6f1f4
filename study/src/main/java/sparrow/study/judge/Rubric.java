package sparrow.study.judge;

import sparrow.study.data.Item;

/**
 * The task of a language model as a judge, and the parser of its answer. Tasks and marks are taken from
 * Kimi-Audio-Evalkit, on which the paper's scores are based; the wording is ours.
 */
sealed interface Rubric permits AccuracyRubric, TenPointRubric {
    String prompt(Item item, String reply);

    /**
     * Returns the verdict in the judge's answer, which may be surrounded by other text, or an ungraded verdict if the
     * answer contains no verdict.
     */
    Verdict verdict(String judgment);

    /** Returns the verdict for an answer that contains no verdict. */
    static Verdict unreadable(String expected, String judgment) {
        String line = judgment.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        String shown = line.length() <= 120 ? line : line.substring(0, 120) + "...";
        return new Verdict.Ungraded("judge: expected " + expected + ", found " + (shown.isEmpty() ? "nothing" : shown));
    }
}
