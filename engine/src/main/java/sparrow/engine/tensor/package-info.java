/**
 * Stored tensors and matrices, and the types of their elements.
 *
 * <p>A new quantisation takes two small classes and a line for each: here its {@code NumberFormat} (sizes, plain
 * reading, rounding) and its constant in {@link sparrow.engine.tensor.DType}; in {@code sparrow.engine.kernel} its
 * {@code BlockKernel} (packing, unpacking, products) and its line there. To be offered by {@code convert} it gets one more
 * in {@code sparrow.models.gguf.Quantisation}. Files are read and written, exported and filled with random weights by
 * what the constant says. Where types are told apart, the compiler asks for the new one: no switch has a default.
 */
package sparrow.engine.tensor;
