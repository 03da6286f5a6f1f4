package sparrow.models.pool;

import sparrow.engine.decode.GenerationConfig;

/**
 * How a reply is made.
 *
 * @param config exits, sampling, limits; the sampling's seed also seeds the noise of the speech
 * @param speechMode what becomes of its speech codes
 * @param forced ids that the reply begins with whatever the model would say; none for a free reply
 */
public record ReplyOptions(GenerationConfig config, SpeechMode speechMode, int[] forced) {
    /** A free reply. */
    public ReplyOptions(GenerationConfig config, SpeechMode speechMode) {
        this(config, speechMode, new int[0]);
    }
}
