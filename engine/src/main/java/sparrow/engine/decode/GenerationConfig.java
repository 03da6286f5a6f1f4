package sparrow.engine.decode;

import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;

/**
 * The decoding of one sequence.
 *
 * @param plan depth of its positions
 * @param sampling choice of its units
 * @param limits bounds of its reply
 */
public record GenerationConfig(ExitPlan plan, Sampling sampling, Limits limits) {}
