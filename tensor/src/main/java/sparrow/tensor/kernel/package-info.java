/**
 * The arithmetic: matrix products, attention, norms and activations. {@link Kernels} is the contract. It is implemented
 * twice: a plain scalar form, which is the reference, and a form with the Vector API, which is fast. Activations are
 * {@link Block}s of f32, matrices are {@link Weight}s in the format that they are stored in, keys and values lie in
 * {@link KvPanels}, and {@link ComputePool} has the threads. This is the only package that uses the Vector API. It
 * knows no model.
 *
 * <p>Products of few rows are written out three times in {@code Q4Dots}, {@code Q8Dots}, {@code Bf16Dots} and {@code
 * F16Dots}: for one, two and three rows of activations. The repetition is needed: the JIT inlines the Vector API
 * without limit but not our own methods into a large body, and a vector that crosses a call lives in memory. {@code
 * Q4Dots} says what else shapes such a body, {@code Bf16Dots} what other bodies came to.
 *
 * <p>A quantised format is a {@code BlockKernel}: its packing, unpacking and products, and its line in {@code
 * BlockKernel.of}. The page of {@code sparrow.tensor} lists the other steps.
 */
package sparrow.tensor.kernel;
