package sparrow.study.run;

import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;

/**
 * The settings for decoding replies, except the exit plan.
 *
 * @param sampling sampling, whose seed is also the seed of the speech noise
 * @param limits limits that stop endless replies
 */
public record Decoding(Sampling sampling, Limits limits) {}
