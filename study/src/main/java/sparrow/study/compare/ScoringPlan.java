package sparrow.study.compare;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
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

    /** Of all replies, without a judge. */
    static ScoringPlan listening(String asr, String mos) {
        return new ScoringPlan(asr, 0, mos, NONE);
    }

    /** What a notation of the command line names; empty for {@link #NONE}. */
    public static Optional<String> named(String notation) {
        return Optional.of(notation).filter(name -> !name.equals(NONE));
    }

    /** The recogniser, if there is one. */
    public Optional<String> recogniser() {
        return named(asr);
    }

    /** The scorer of opinions, if there is one. */
    public Optional<String> opinionScorer() {
        return named(mos);
    }

    /** The judge, if there is one. */
    public Optional<String> rater() {
        return named(judge);
    }

    /** Whether anybody listens. */
    boolean listens() {
        return recogniser().isPresent() || opinionScorer().isPresent();
    }

    /** Whether the reply to a question is given to the recogniser. */
    boolean hears(StudyQuestion asked) {
        return recogniser().isPresent() && (heardItems == 0 || asked.place() < heardItems);
    }

    /** The same in words, for a report. */
    public SequencedMap<String, String> facts() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("recogniser", asr + (heardItems == 0 ? "" : ", the first " + heardItems + " of every set"));
        facts.put("opinion", mos);
        facts.put("judge", judge);
        return facts;
    }
}
