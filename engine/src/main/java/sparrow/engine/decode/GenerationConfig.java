package sparrow.engine.decode;

import sparrow.engine.exit.ExitPlan;
import sparrow.engine.sample.Sampling;

/**
 * How one sequence is decoded.
 *
 * @param plan where positions leave early
 * @param sampling how tokens are chosen
 * @param limits when a reply is cut off
 * @param speechLogits which logits the model's own head computes at speech positions
 */
public record GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits, SpeechLogits speechLogits) {
    /** With the logits of all tokens. */
    public GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits) {
        this(plan, sampling, limits, SpeechLogits.ALL);
    }
}
