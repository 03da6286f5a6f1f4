/**
 * The arithmetic: matrix products, attention, norms and activations. {@link Kernels} is the interface. It has two
 * implementations: a simple scalar one, which is the reference, and a fast one with the Vector API. Activations are
 * {@link Block}s of f32, matrices are {@link Weight}s, keys and values are stored in {@link KvPanels}, and {@link
 * ComputePool} provides the threads. This is the only package that uses the Vector API. It does not depend on any
 * model.
 *
 * <p>Products with few rows are written out three times in {@code Q4Dots}, {@code Q8Dots}, {@code Bf16Dots} and {@code
 * F16Dots}: for one, two and three rows of activations. The repetition is necessary: the JIT inlines the Vector API
 * without limit but not other methods into a large body, and passes vectors to a call in memory. {@code Q4Dots}
 * explains the other reasons for this form, and {@code Bf16Dots} the speed of alternatives.
 *
 * <p>Each quantised format has a {@code BlockKernel}, which packs, unpacks and multiplies. {@code BlockKernel.of} lists
 * them. The package description of {@code sparrow.tensor} lists the other steps.
 */
package sparrow.tensor.kernel;
