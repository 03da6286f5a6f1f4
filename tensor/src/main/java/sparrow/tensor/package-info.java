/**
 * Stored tensors and matrices, and the number formats of their elements. Start with {@link Tensor} and {@link Matrix},
 * which are views of memory that a checkpoint or an arena owns, and with {@link DType}, the number formats. Nothing is computed
 * here; that is the task of {@code sparrow.tensor.kernel}.
 *
 * <p>A new quantisation takes two small classes and one line for each. Here: its {@code NumberFormat} (sizes, plain
 * reading, rounding) and its constant in {@link DType}. In {@code sparrow.tensor.kernel}: its {@code BlockKernel}
 * (packing, unpacking, products) and its line in {@code BlockKernel.of}. One more line in {@code
 * sparrow.models.gguf.Quantisation} offers it to {@code convert}. Files are read, written, exported and filled with
 * random weights by what the constant says. No switch over formats has a default, so the compiler names any place that
 * is missing.
 *
 * <p>The block formats are those of ggml (q4_0 and q8_0: 32 numbers that share a scale; q4_K, q5_K and q6_K: 256 numbers
 * in groups, which are read only).
 */
package sparrow.tensor;
