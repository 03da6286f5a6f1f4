package sparrow.study.scoring;

import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.study.mos.Mos;

/**
 * The scores of a clip: its transcript and its predicted opinion score.
 *
 * @param sha256 digest of the WAV file
 * @param transcript transcript, or null if no transcript was requested or the recogniser failed
 * @param mos opinion score, or null if no score was requested or the scorer failed
 * @param failures one-line failure messages, by {@link #ASR} and {@link #MOS}; the next run retries these scores
 */
public record AudioScores(String sha256, String transcript, Mos mos, SortedMap<String, String> failures) {
    /** Key of a recogniser failure. */
    public static final String ASR = "asr";

    /** Key of an opinion scorer failure. */
    public static final String MOS = "mos";

    public AudioScores {
        failures = new TreeMap<>(failures);
    }

    /** Returns the scores of a clip that has not been scored. */
    public static AudioScores none(String sha256) {
        return new AudioScores(sha256, null, null, new TreeMap<>());
    }

    /**
     * Returns these scores combined with the scores of a later attempt. Only the failures of the later attempt are
     * retained.
     */
    AudioScores with(AudioScores later) {
        return new AudioScores(
                sha256,
                later.transcript != null ? later.transcript : transcript,
                later.mos != null ? later.mos : mos,
                later.failures);
    }
}
