/**
 * The choice of a token from logits. {@link Sampling} is the setting: temperature, top-k, top-p, repetition penalty and
 * seed, in the order of the transformers library. {@link Sampler} chooses the tokens of one sequence: of those that have a
 * chance the one with the largest ln p + G. The Gumbel noise G is a function of seed, request stream, position and token id
 * alone, so a choice depends neither on other choices nor on their order. The package does not mask what an
 * interleave format forbids, and it does not see a model.
 */
package sparrow.engine.sample;
