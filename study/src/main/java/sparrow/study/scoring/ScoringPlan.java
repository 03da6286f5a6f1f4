package sparrow.study.scoring;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.study.run.StudyQuestion;

/**
 * The scorers of replies, in the notations of the command line; {@code none} for a score that is not wanted.
 *
 * @param asr a recogniser: {@link sparrow.study.asr.Recognizers}
 * @param transcribedItems of every set, the replies to this many questions from the first on are transcribed; 0 for all
 * @param mos a scorer: {@link sparrow.study.mos.MosScorers}
 * @param judge a judge: {@link sparrow.study.judge.Judges}
 */
public record ScoringPlan(String asr, int transcribedItems, String mos, String judge) {
    /** The notation of nothing. */
    public static final String NONE = "none";

    public ScoringPlan {
        if (transcribedItems < 0)
            throw new IllegalArgumentException("ASR items: expected 0 or more, got " + transcribedItems);
    }

    /** The scorer that a notation of the command line names; empty for {@link #NONE}. */
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

    boolean scoresAudio() {
        return recogniser().isPresent() || opinionScorer().isPresent();
    }

    /** Tells that the reply to a question is given to the recogniser. */
    public boolean transcribes(StudyQuestion asked) {
        return recogniser().isPresent() && (transcribedItems == 0 || asked.place() < transcribedItems);
    }

    /** The plan in words, for a report. */
    public SequencedMap<String, String> facts() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "recogniser", asr + (transcribedItems == 0 ? "" : ", the first " + transcribedItems + " of every set"));
        facts.put("opinion", mos);
        facts.put("judge", judge);
        return facts;
    }
}
