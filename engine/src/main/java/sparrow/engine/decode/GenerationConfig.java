package sparrow.engine.decode;

import sparrow.engine.exit.ExitPlan;
import sparrow.engine.sample.Sampling;
import sparrow.engine.unit.SpeechLogits;

/**
 * The decoding of one sequence.
 *
 * @param plan depth of its positions
 * @param sampling choice of its units
 * @param limits bounds of its reply
 * @param speechLogits logits that the model's own head computes at speech positions
 */
public record GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits, SpeechLogits speechLogits) {
    /** With the logits of all tokens. */
    public GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits) {
        this(plan, sampling, limits, SpeechLogits.ALL);
    }
}
