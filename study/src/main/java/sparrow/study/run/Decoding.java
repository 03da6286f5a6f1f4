package sparrow.study.run;

import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;

/**
 * Settings of the decoding of replies, apart from the exit plan.
 *
 * @param sampling its seed also seeds the noise of the speech
 * @param limits the runaway guard
 */
public record Decoding(Sampling sampling, Limits limits) {}
