package sparrow.study.compare;

import sparrow.study.run.StudyQuestion;

/**
 * How replies are scored, in the notations of the command line; {@code none} for what is not.
 *
 * @param asr a recogniser: {@link sparrow.study.asr.Recognizers}
 * @param heardItems of every set, this many from the first on are heard; 0 for all
 * @param mos a scorer: {@link sparrow.study.mos.MosScorers}
 * @param judge a judge: {@link sparrow.study.judge.Judges}
 */
public record ScoringPlan(String asr, int heardItems, String mos, String judge) {
    /** What stands for nothing. */
    public static final String NONE = "none";

    public ScoringPlan {
        if (heardItems < 0) throw new IllegalArgumentException("ASR items: expected 0 or more, got " + heardItems);
    }

    /** Whether the reply to a question is given to the recogniser. */
    boolean hears(StudyQuestion asked) {
        return !asr.equals(NONE) && (heardItems == 0 || asked.place() < heardItems);
    }
}
