package sparrow.engine.decode;

import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;

/**
 * The parameters for decoding one reply.
 *
 * @param plan depth of the positions
 * @param sampling choice of the units
 * @param limits limits of the reply
 */
public record GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits) {}
