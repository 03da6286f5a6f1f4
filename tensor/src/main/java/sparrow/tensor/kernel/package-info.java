/**
 * Arithmetic: matrix products, attention, norms and activations. {@link Kernels} is the interface. It has two
 * implementations: a simple scalar implementation, which is the reference, and a fast implementation with the Vector
 * API. Activations are {@link Block}s of f32 numbers, matrices are {@link Weight}s, keys and values are stored in
 * {@link KvPanels}, and {@link ComputePool} provides the threads. Only this package uses the Vector API. The package
 * does not depend on any model.
 *
 * <p>In {@code Q4Dots}, {@code Q8Dots}, {@code Bf16Dots} and {@code F16Dots}, products with few rows are written out
 * three times, for one, two and three rows of activations. The repetition is necessary because the JIT inlines the
 * Vector API's methods, but not other methods, into a long method body, and vectors passed to other methods would be
 * stored in memory. {@code Q4Dots} explains the other reasons for this form, and {@code Bf16Dots} describes the speed
 * of alternatives.
 *
 * <p>Each quantised format has a {@code BlockKernel}, which packs and unpacks weights and computes products.
 * {@code BlockKernel.of} lists all kernels. The package description of {@code sparrow.tensor} lists the steps for
 * adding a format.
 */
package sparrow.tensor.kernel;
