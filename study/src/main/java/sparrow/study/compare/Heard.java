package sparrow.study.compare;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.study.mos.Mos;

/**
 * What listeners say about a sound; null for what nobody was asked, or could not say.
 *
 * @param sha256 of its WAV file
 * @param words that were heard
 * @param mos opinion scores
 * @param failures in one line each, by who failed ({@link Assessment#ASR}, {@link Assessment#MOS})
 */
record Heard(String sha256, String words, Mos mos, SortedMap<String, String> failures) {
    Heard {
        failures = new TreeMap<>(failures == null ? Map.of() : failures);
    }

    /** What was found out before. */
    static Heard known(String sha256, Assessment assessment) {
        return new Heard(sha256, assessment.heard(), assessment.mos(), new TreeMap<>());
    }

    /** Nothing, for the same reason whoever was asked. */
    static Heard failed(String sha256, String reason) {
        return new Heard(sha256, null, null, new TreeMap<>(Map.of(Assessment.ASR, reason, Assessment.MOS, reason)));
    }

    /** With what another one adds. */
    Heard and(Heard other) {
        return new Heard(sha256, words != null ? words : other.words, mos != null ? mos : other.mos, failures);
    }

    /** Whether it says all that was asked, or why not. */
    boolean answers(boolean heard, boolean scored) {
        return (!heard || words != null || failures.containsKey(Assessment.ASR))
                && (!scored || mos != null || failures.containsKey(Assessment.MOS));
    }
}
