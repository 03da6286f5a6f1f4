package sparrow.engine.decode;

import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;

/**
 * Parameters for decoding one reply.
 *
 * @param plan plan that determines the depth of positions
 * @param sampling parameters for choosing units
 * @param limits limits of the reply
 */
public record GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits) {}
