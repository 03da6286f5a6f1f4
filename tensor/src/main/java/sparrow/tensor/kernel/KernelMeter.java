package sparrow.tensor.kernel;

/** Receives the products of {@linkplain Kernels#metered metered} kernels. Several threads may call it concurrently. */
@FunctionalInterface
public interface KernelMeter {
    /** The kinds of products. */
    enum Kind {
        /** A linear layer or convolution: {@link Kernels#linear}, on all threads. */
        LINEAR,
        /**
         * Activations times activations, such as {@link Kernels#multiply}; each call runs on one of several threads.
         */
        ACTIVATIONS,
        /** Causal attention over a KV cache: {@link Kernels#attend}; each call runs on one of several threads. */
        CACHE
    }

    /**
     * Description of a product.
     *
     * @param rows number of rows of the result and of the left factor
     * @param columns number of columns of the result
     * @param depth number of terms in each sum; for attention over a cache, the mean number of visible positions
     * @param operations floating-point operations, two for each multiply-add
     * @param bytes bytes read and written, counting each once
     */
    record Product(Kind kind, int rows, int columns, int depth, long operations, long bytes) {}

    /**
     * Records a product.
     *
     * @param nanos duration of the product
     */
    void record(Product product, long nanos);
}
