package sparrow.study.judge;

import sparrow.study.data.Item;

/**
 * The task of a language model as a judge, and the reading of its answer. The tasks and marks are those of
 * Kimi-Audio-Evalkit, which the paper's scores follow; the words are ours.
 */
sealed interface Rubric permits AccuracyRubric, TenPointRubric {
    /** The message to the judge. */
    String prompt(Item item, String reply);

    /** The verdict in the judge's answer, however it is wrapped; ungraded if there is none. */
    Verdict verdict(String judgment);

    /** The verdict of an answer in which none is found. */
    static Verdict unreadable(String expected, String judgment) {
        String line = judgment.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        String shown = line.length() <= 120 ? line : line.substring(0, 120) + "...";
        return new Verdict.Ungraded("judge: expected " + expected + ", found " + (shown.isEmpty() ? "nothing" : shown));
    }
}
