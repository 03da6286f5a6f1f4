package sparrow.study.run;

import sparrow.engine.decode.Limits;
import sparrow.engine.sample.Sampling;
import sparrow.engine.unit.SpeechLogits;

/**
 * Settings of the decoding of replies, apart from the exit plan.
 *
 * @param sampling its seed also seeds the noise of the speech
 * @param limits the runaway guard
 * @param speechLogits rows of the output matrix that are computed at speech positions of full depth
 */
public record Decoding(Sampling sampling, Limits limits, SpeechLogits speechLogits) {}
