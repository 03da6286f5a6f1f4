package sparrow.onednn;

import java.lang.foreign.MemorySegment;
import sparrow.tensor.kernel.MatrixProvider;

/**
 * Products by oneDNN. Each runs on the calling thread alone: the kernels cut the pieces and keep their own threads busy,
 * and a second set of threads would fight with them.
 */
final class OneDnnProvider implements MatrixProvider {
    private final OneDnn oneDnn;
    private final ProductCache products;

    private OneDnnProvider(OneDnn oneDnn, ProductCache products) {
        this.oneDnn = oneDnn;
        this.products = products;
    }

    /**
     * The provider of a library, whose products come from {@code products}.
     *
     * @throws IllegalStateException in one line if the library cannot multiply as asked on this processor
     */
    static OneDnnProvider of(OneDnn oneDnn, ProductCache products) {
        OneDnnProvider provider = new OneDnnProvider(oneDnn, products);
        // Generates code, so that an unsuitable library is refused here and not in the middle of an answer.
        oneDnn.oneThread();
        provider.products.release(provider.products.take(Shape.pairs(1, COLUMN_GROUP, OUTPUT_GROUP)));
        return provider;
    }

    @Override
    public void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
        oneDnn.oneThread();
        Product product = products.take(shape);
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
}
