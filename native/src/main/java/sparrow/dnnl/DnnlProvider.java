package sparrow.dnnl;

import java.lang.foreign.MemorySegment;
import sparrow.engine.kernel.MatrixProvider;

/**
 * Products by oneDNN. Each runs alone on the thread that asks for it: the pieces are cut by the kernels, whose threads
 * they keep busy, and a second set of threads would fight with them.
 */
final class DnnlProvider implements MatrixProvider {
    private final Dnnl dnnl;
    private final ProductCache products;

    private DnnlProvider(Dnnl dnnl, ProductCache products) {
        this.dnnl = dnnl;
        this.products = products;
    }

    /**
     * The provider of a library, whose products come from {@code products}.
     *
     * @throws IllegalStateException in one line if the library cannot multiply as asked on this processor
     */
    static DnnlProvider of(Dnnl dnnl, ProductCache products) {
        DnnlProvider provider = new DnnlProvider(dnnl, products);
        // Generates code, so that what does not serve is found here and not in the middle of an answer.
        dnnl.oneThread();
        provider.products.release(provider.products.take(Shape.pairs(1, COLUMN_GROUP, OUTPUT_GROUP)));
        return provider;
    }

    @Override
    public void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
        dnnl.oneThread();
        Product product = products.take(shape);
        try {
            product.run(x, w, y);
        } finally {
            products.release(product);
        }
    }

    @Override
    public String arithmetic() {
        return "dnnl-" + dnnl.version() + "-" + dnnl.isa().name();
    }

    @Override
    public String description() {
        return "oneDNN " + dnnl.version() + " for " + dnnl.isa().name() + " (" + dnnl.origin() + ")";
    }

    @Override
    public boolean pays() {
        return dnnl.isa().multipliesBf16();
    }
}
