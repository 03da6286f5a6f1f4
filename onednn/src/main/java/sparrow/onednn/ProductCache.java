package sparrow.onednn;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import sparrow.tensor.kernel.MatrixProvider;

/**
 * An LRU cache of products, because generating a product's code takes time. A model has about ten shapes for each
 * number of rows. Thread-safe.
 */
final class ProductCache {
    /** Maximum number of shapes. */
    static final int CAPACITY = 256;

    private final OneDnn oneDnn;
    private final int capacity;
    private final Scratchpads scratchpads = new Scratchpads();

    /** Products in order of use, with the least recently used first. */
    private final Map<MatrixProvider.Shape, Product> products = new LinkedHashMap<>(16, 0.75f, true);

    /** The number of threads that are using each product. */
    private final Map<Product, Integer> users = new HashMap<>();

    ProductCache(OneDnn oneDnn, int capacity) {
        this.oneDnn = oneDnn;
        this.capacity = capacity;
    }

    /** Returns the product for a shape. The caller must {@link #release} it. */
    synchronized Product acquire(MatrixProvider.Shape shape) {
        Product product = products.computeIfAbsent(shape, some -> new Product(oneDnn, some, scratchpads));
        users.merge(product, 1, Integer::sum);
        return product;
    }

    synchronized void release(Product product) {
        users.computeIfPresent(product, (_, count) -> count == 1 ? null : count - 1);
        Iterator<Product> oldest = products.values().iterator();
        while (products.size() > capacity && oldest.hasNext()) {
            Product old = oldest.next();
            if (users.containsKey(old)) continue;
            oldest.remove();
            old.destroy();
        }
    }

    synchronized int size() {
        return products.size();
    }
}
