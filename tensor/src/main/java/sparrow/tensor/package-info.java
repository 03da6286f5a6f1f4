/**
 * Stored tensors and matrices, and the number formats of their elements. Start with {@link Tensor} and {@link Matrix},
 * which are views of memory owned by a checkpoint or an arena, and with {@link DType}, which lists the number formats.
 * Computation is in {@code sparrow.tensor.kernel}.
 *
 * <p>To add a quantisation, write two small classes and register each of them in one line: a {@code NumberFormat}
 * (sizes, reading, rounding) in this package and its constant in {@link DType}, and a {@code BlockKernel} (packing,
 * unpacking, products) in {@code sparrow.tensor.kernel} and its line in {@code BlockKernel.of}. An additional line in
 * {@code sparrow.models.gguf.Quantisation} makes the quantisation available to {@code convert}. All code that reads,
 * writes, exports or generates weights uses the constant. No switch over formats has a default, so the compiler reports
 * any missing case.
 *
 * <p>The block formats are ggml's q4_0 and q8_0 (32 numbers that share a scale) and the read-only q4_K, q5_K and q6_K
 * (256 numbers in groups).
 */
package sparrow.tensor;
