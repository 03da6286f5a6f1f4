package sparrow.study.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
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
}
