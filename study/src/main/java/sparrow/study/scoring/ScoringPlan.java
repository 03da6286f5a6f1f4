package sparrow.study.scoring;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.study.run.StudyQuestion;

/**
 * The scorers of replies, in their command-line notations; {@code none} for scores that are not required.
 *
 * @param asr a recogniser in the notation of {@link sparrow.study.asr.Recognizers}
 * @param transcribedItems number of questions in each set, starting with the first, whose replies are transcribed, or 0
 *     for all
 * @param mos an opinion scorer in the notation of {@link sparrow.study.mos.MosScorers}
 * @param judge a judge in the notation of {@link sparrow.study.judge.Judges}
 */
public record ScoringPlan(String asr, int transcribedItems, String mos, String judge) {
    /** The notation for a score that is not required. */
    public static final String NONE = "none";

    public ScoringPlan {
        if (transcribedItems < 0)
            throw new IllegalArgumentException("ASR items: expected 0 or more, got " + transcribedItems);
    }

    /** Returns the given notation, or empty if it is {@link #NONE}. */
    public static Optional<String> named(String notation) {
        return Optional.of(notation).filter(name -> !name.equals(NONE));
    }

    /** Returns the recogniser, or empty if there is none. */
    public Optional<String> recogniser() {
        return named(asr);
    }

    /** Returns the opinion scorer, or empty if there is none. */
    public Optional<String> opinionScorer() {
        return named(mos);
    }

    /** Returns the judge, or empty if there is none. */
    public Optional<String> rater() {
        return named(judge);
    }

    /** Returns whether no score is required. */
    public boolean isEmpty() {
        return !scoresAudio() && rater().isEmpty();
    }

    boolean scoresAudio() {
        return recogniser().isPresent() || opinionScorer().isPresent();
    }

    /** Returns whether the reply to a question is transcribed. */
    public boolean transcribes(StudyQuestion question) {
        return recogniser().isPresent() && (transcribedItems == 0 || question.place() < transcribedItems);
    }

    /** Returns a description of the plan for reports. */
    public SequencedMap<String, String> facts() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "recogniser", asr + (transcribedItems == 0 ? "" : ", the first " + transcribedItems + " of every set"));
        facts.put("opinion", mos);
        facts.put("judge", judge);
        return facts;
    }
}
