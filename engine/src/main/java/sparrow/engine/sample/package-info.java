/**
 * Which token is chosen from logits. {@link Sampling} is the setting: temperature, top-k, top-p, repetition penalty and
 * seed, in the order of the transformers library. {@link Sampler} chooses the tokens of one sequence. The package does
 * not mask what an interleave format forbids, and it does not see a model.
 */
package sparrow.engine.sample;
