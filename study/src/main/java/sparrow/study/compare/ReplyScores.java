package sparrow.study.compare;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.study.compare.Judging.Judgments;
import sparrow.study.mos.Mos;
import sparrow.study.run.KeptReply;
import sparrow.study.scoring.AudioScores;

/**
 * The scores of one reply; null for a score that is not wanted or missing.
 *
 * @param transcript the words of its speech
 * @param mos opinion scores of its speech
 * @param textPoints a judge's points for its text, 0 to 100
 * @param speechPoints a judge's points for its transcript
 * @param failures in one line each, by the score that is not there for that reason
 */
record ReplyScores(
        String transcript, Mos mos, Double textPoints, Double speechPoints, SortedMap<String, String> failures) {
    /** Keys of failures, beside those of {@link AudioScores}. */
    private static final String TEXT = "judge of text";

    private static final String SPEECH = "judge of speech";

    /**
     * Collects the scores of a reply.
     *
     * @param transcribed whether its transcript counts
     * @param audio scores of its speech, as far as they are there
     * @param judgments of the replies to its question
     */
    static ReplyScores of(KeptReply reply, boolean transcribed, AudioScores audio, Judgments judgments) {
        String transcript = transcribed ? transcript(reply, audio) : null;
        SortedMap<String, String> failures = new TreeMap<>(audio.failures());
        if (!transcribed) failures.remove(AudioScores.ASR);
        judgments.failure(reply.text()).ifPresent(reason -> failures.put(TEXT, reason));
        Optional.ofNullable(transcript).flatMap(judgments::failure).ifPresent(reason -> failures.put(SPEECH, reason));
        return new ReplyScores(
                transcript,
                audio.mos(),
                judgments.points().get(reply.text()),
                transcript == null ? null : judgments.points().get(transcript),
                failures);
    }

    /** A reply without speech says nothing. */
    private static String transcript(KeptReply reply, AudioScores audio) {
        return reply.speech() == null ? "" : audio.transcript();
    }
}
