package sparrow.models.pool;

import java.util.Arrays;
import sparrow.engine.interleave.TokenSpace;
import sparrow.models.SpokenModel;

/** Cuts a reply to what was heard of it. */
public final class SpokenPart {
    private SpokenPart() {}

    /** The ids of a reply without its sound: what was said stays as text. */
    public static int[] words(SpokenModel model, int[] reply) {
        TokenSpace tokens = model.languageModel().tokens();
        return Arrays.stream(reply).filter(id -> !tokens.isSpeech(id)).toArray();
    }

    /**
     * The ids of a reply up to the last speech code that was heard. Text in front of it stays: it led to what was heard.
     *
     * @param reply ids without an end token
     * @param heardSeconds sound that was played, 0 or more; codes that were begun and not heard to their end do not count
     * @return the same ids if all was heard; none if nothing was
     */
    public static int[] of(SpokenModel model, int[] reply, double heardSeconds) {
        TokenSpace tokens = model.languageModel().tokens();
        // A whole number of codes, given as seconds, must not lose one to rounding.
        long heard = (long) Math.floor(heardSeconds * model.codesPerSecond() + 1e-6);
        if (heard == 0) return new int[0];
        int end = 0;
        long codes = 0;
        for (int i = 0; i < reply.length; i++) {
            if (tokens.code(reply[i]).isPresent() && ++codes == heard) end = i + 1;
        }
        // Text behind the last code belongs to it.
        return codes <= heard ? reply : Arrays.copyOf(reply, end);
    }
}
