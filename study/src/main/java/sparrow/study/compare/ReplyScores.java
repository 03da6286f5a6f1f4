package sparrow.study.compare;

import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import sparrow.study.compare.Judging.Judgments;
import sparrow.study.mos.Mos;
import sparrow.study.run.KeptReply;
import sparrow.study.scoring.AudioScores;

/**
 * The scores of a reply. A score that is missing or not required is null.
 *
 * @param transcript transcript of the speech
 * @param mos opinion scores of the speech
 * @param textPoints a judge's points for the text, 0 to 100
 * @param speechPoints a judge's points for the transcript, 0 to 100
 * @param failures one-line reasons for missing scores, by score
 */
record ReplyScores(
        String transcript, Mos mos, Double textPoints, Double speechPoints, SortedMap<String, String> failures) {
    /** Keys of failures, in addition to the keys in {@link AudioScores}. */
    private static final String TEXT = "judge of text";

    private static final String SPEECH = "judge of speech";

    /**
     * Collects the scores of a reply.
     *
     * @param transcribed whether the reply should be transcribed
     * @param audio available scores of its speech
     * @param judgments judgments of the replies to its question
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

    /** Returns the number of available scores. The transcript of a reply without speech is not counted. */
    int count() {
        boolean heard = transcript != null && !transcript.isEmpty();
        return (int) Stream.of(heard ? transcript : null, mos, textPoints, speechPoints)
                .filter(Objects::nonNull)
                .count();
    }

    /** Returns the transcript, which is empty for a reply without speech. */
    private static String transcript(KeptReply reply, AudioScores audio) {
        return reply.speech() == null ? "" : audio.transcript();
    }
}
