package sparrow.tensor.kernel;

/** Hears of the products of {@linkplain Kernels#metered metered} kernels. Called on the threads that work, several at a time. */
@FunctionalInterface
public interface KernelMeter {
    /** The operations. */
    enum Kind {
        /** A linear layer or convolution: {@link Kernels#linear}, with all threads. */
        LINEAR,
        /** Activations by activations: {@link Kernels#multiply} and its like, on one thread of several. */
        ACTIVATIONS,
        /** Causal attention over a KV cache: {@link Kernels#attend}, on one thread of several. */
        CACHE
    }

    /**
     * A product.
     *
     * @param rows of the result, which are those of the left factor
     * @param columns of the result
     * @param depth that is summed over; of attention over a cache the mean number of positions that are seen
     * @param operations floating-point operations, two for each multiply-add
     * @param bytes read and written if each were touched once
     */
    record Product(Kind kind, int rows, int columns, int depth, long operations, long bytes) {}

    /**
     * A product was made.
     *
     * @param nanos that it took, from beginning to end
     */
    void made(Product product, long nanos);
}
