package sparrow.study.judge;

import sparrow.study.data.Item;

/**
 * What a language model is asked to do as a judge, and how its answer is read. The tasks and marks are those of
 * Kimi-Audio-Evalkit, which the paper's scores follow; the words are ours.
 */
sealed interface Rubric permits AccuracyRubric, TenPointRubric {
    /** Its name in reports. */
    String name();

    /** The message to the judge. */
    String prompt(Item item, String reply);

    /** The verdict in the judge's answer, however it is wrapped; ungraded if there is none. */
    Verdict verdict(String judgment);

    /** What to say of an answer without a verdict. */
    static Verdict unreadable(String expected, String judgment) {
        String line = judgment.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        String shown = line.length() <= 120 ? line : line.substring(0, 120) + "...";
        return new Verdict.Ungraded("judge: expected " + expected + ", found " + (shown.isEmpty() ? "nothing" : shown));
    }
}
