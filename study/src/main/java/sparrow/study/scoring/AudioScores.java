package sparrow.study.scoring;

import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.study.mos.Mos;

/**
 * The scores of a clip: its words and its predicted opinion score.
 *
 * @param sha256 digest of its WAV file
 * @param transcript null if none was asked for, or the recogniser failed
 * @param mos null if none was asked for, or the scorer failed
 * @param failures in one line each, by {@link #ASR} and {@link #MOS}; the next run tries them again
 */
public record AudioScores(String sha256, String transcript, Mos mos, SortedMap<String, String> failures) {
    /** Key of a failure of the recogniser. */
    public static final String ASR = "asr";

    /** Key of a failure of the scorer of opinions. */
    public static final String MOS = "mos";

    public AudioScores {
        failures = new TreeMap<>(failures);
    }

    /** The scores of a clip that was not scored yet. */
    public static AudioScores none(String sha256) {
        return new AudioScores(sha256, null, null, new TreeMap<>());
    }

    /** These and the scores of a later attempt, whose failures alone count. */
    AudioScores with(AudioScores later) {
        return new AudioScores(
                sha256,
                later.transcript != null ? later.transcript : transcript,
                later.mos != null ? later.mos : mos,
                later.failures);
    }
}
