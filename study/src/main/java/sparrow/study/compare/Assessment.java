package sparrow.study.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.study.mos.Mos;

/**
 * What listeners and judges say about one reply; null for what nobody was asked, or could not say.
 *
 * @param heard the words of its speech
 * @param mos opinion scores of its speech
 * @param textPoints a judge's points for its text, 0 to 100
 * @param heardPoints a judge's points for what was heard of it
 * @param failures in one line each, by who failed; they are tried again when the run is begun again
 */
record Assessment(
        String heard,
        Mos mos,
        Double textPoints,
        Double heardPoints,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, String> failures) {
    /** Keys of failures. */
    static final String ASR = "asr";

    static final String MOS = "mos";
    static final String TEXT = "judge of text";
    static final String HEARD = "judge of speech";

    Assessment {
        failures = new TreeMap<>(failures == null ? Map.of() : failures);
    }

    /** Before anybody was asked. */
    static Assessment none() {
        return new Assessment(null, null, null, null, new TreeMap<>());
    }

    /**
     * With what listeners say of its speech.
     *
     * @param words whether those were wanted
     * @param scores whether those were wanted
     */
    Assessment with(Heard found, boolean words, boolean scores) {
        SortedMap<String, String> now = new TreeMap<>(failures);
        if (words) note(found, ASR, now);
        if (scores) note(found, MOS, now);
        return new Assessment(words ? found.words() : heard, scores ? found.mos() : mos, textPoints, heardPoints, now);
    }

    private static void note(Heard found, String who, SortedMap<String, String> failures) {
        if (found.failures().containsKey(who))
            failures.put(who, found.failures().get(who));
        else failures.remove(who);
    }

    /** Failures of those who listened. */
    SortedMap<String, String> failuresOfListeners() {
        SortedMap<String, String> those = new TreeMap<>(failures);
        those.keySet().retainAll(Set.of(ASR, MOS));
        return those;
    }
}
