package sparrow.tensor.kernel;

/**
 * Receives the products of {@linkplain Kernels#metered metered} kernels. Several threads may call its method
 * concurrently.
 */
@FunctionalInterface
public interface KernelMeter {
    /** Kinds of products. */
    enum Kind {
        /** A linear layer or convolution, computed by {@link Kernels#linear} on all threads. */
        LINEAR,
        /**
         * A product of activations, computed by methods such as {@link Kernels#multiply}. Each call runs on one of
         * several threads.
         */
        ACTIVATIONS,
        /**
         * Causal attention over a KV cache, computed by {@link Kernels#attend}. Each call runs on one of several
         * threads.
         */
        CACHE
    }

    /**
     * The description of a product.
     *
     * @param rows number of rows of the result and of the left factor
     * @param columns number of columns of the result
     * @param depth number of terms in each sum; for attention over a cache, the mean number of visible positions
     * @param operations number of floating-point operations, two for each multiply-add
     * @param bytes number of bytes read and written, each counted once
     */
    record Product(Kind kind, int rows, int columns, int depth, long operations, long bytes) {}

    /**
     * Records a product.
     *
     * @param nanos duration of the product in nanoseconds
     */
    void record(Product product, long nanos);
}
