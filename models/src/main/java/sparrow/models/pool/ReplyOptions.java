package sparrow.models.pool;

import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.interleave.Unit;

/**
 * The settings of a reply.
 *
 * @param config the exits, sampling and limits; the sampling's seed is also used for the noise in the speech
 * @param speechMode the use of the speech codes
 * @param forced units with which the reply begins, rather than units that the model selects; may be empty
 */
public record ReplyOptions(GenerationConfig config, SpeechMode speechMode, List<Unit> forced) {
    public ReplyOptions {
        forced = List.copyOf(forced);
    }

    /** Creates settings for a reply without forced units. */
    public ReplyOptions(GenerationConfig config, SpeechMode speechMode) {
        this(config, speechMode, List.of());
    }
}
