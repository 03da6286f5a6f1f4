/**
 * The arithmetic: matrix products, attention, norms and activations over {@link sparrow.engine.kernel.Block}s of f32
 * activations and {@link sparrow.engine.kernel.Weight}s in the type that they are stored in. {@link
 * sparrow.engine.kernel.Kernels} is the contract, with a plain scalar form, which is the truth, and a vector form, which
 * is the fast one; {@link sparrow.engine.kernel.ComputePool} are the threads.
 *
 * <p>Products of few rows are written out three times in {@code Q4Dots}, {@code Q8Dots}, {@code Bf16Dots} and {@code
 * F16Dots}: for one, two and three rows of activations. The repetition is needed: the JIT inlines the Vector API without
 * limit but not our own methods into a large body, and a vector that crosses a call lives in memory. {@code Q4Dots} says
 * what else shapes such a body, {@code Bf16Dots} what other bodies came to.
 *
 * <p>A quantised type is a {@code BlockKernel}: its packing, unpacking and products, and its line in {@code
 * BlockKernel.of}. {@code sparrow.engine.tensor} says what else it takes.
 */
package sparrow.engine.kernel;
