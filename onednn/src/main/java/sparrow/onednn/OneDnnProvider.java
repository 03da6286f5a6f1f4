package sparrow.onednn;

import java.lang.foreign.MemorySegment;
import sparrow.tensor.kernel.MatrixProvider;

/**
 * Computes products with oneDNN. Each product runs only on the calling thread, because the kernels distribute pieces to
 * their own threads, with which a second set of threads would compete.
 */
final class OneDnnProvider implements MatrixProvider {
    private final OneDnn oneDnn;
    private final ProductCache products;

    private OneDnnProvider(OneDnn oneDnn, ProductCache products) {
        this.oneDnn = oneDnn;
        this.products = products;
    }

    /**
     * Creates a library's provider with the products in a cache.
     *
     * @throws IllegalStateException if the library does not support the products on this processor; the message is one
     *     line
     */
    static OneDnnProvider of(OneDnn oneDnn, ProductCache products) {
        OneDnnProvider provider = new OneDnnProvider(oneDnn, products);
        // Generate the code for a product, so that an unsuitable library is reported here rather than during a reply.
        oneDnn.oneThread();
        provider.products.release(provider.products.acquire(Shape.pairs(1, COLUMN_GROUP, OUTPUT_GROUP)));
        return provider;
    }

    @Override
    public void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
        oneDnn.oneThread();
        Product product = products.acquire(shape);
        try {
            product.run(x, w, y);
        } finally {
            products.release(product);
        }
    }

    @Override
    public String arithmetic() {
        return "onednn-" + oneDnn.version() + "-" + oneDnn.isa().name();
    }

    @Override
    public String description() {
        return "oneDNN " + oneDnn.version() + " for " + oneDnn.isa().name() + " (" + oneDnn.origin() + ")";
    }

    @Override
    public boolean isFasterThanF32() {
        return oneDnn.isa().multipliesBf16();
    }

    @Override
    public boolean hasTiles() {
        return oneDnn.isa().hasTiles();
    }
}
