package sparrow.models.pool;

import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.interleave.Unit;

/**
 * The settings of a reply.
 *
 * @param config exits, sampling, limits; the sampling's seed also seeds the noise of the speech
 * @param speechMode the use of its speech codes
 * @param forced units that the reply begins with in place of the model's own; none for a free reply
 */
public record ReplyOptions(GenerationConfig config, SpeechMode speechMode, List<Unit> forced) {
    public ReplyOptions {
        forced = List.copyOf(forced);
    }

    /** A free reply. */
    public ReplyOptions(GenerationConfig config, SpeechMode speechMode) {
        this(config, speechMode, List.of());
    }
}
