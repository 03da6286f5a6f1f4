package sparrow.onednn;

import sparrow.tensor.kernel.MatrixLibrary;
import sparrow.tensor.kernel.MatrixProvider;

/** Finds oneDNN; the service that this module provides. */
public final class OneDnnLibrary implements MatrixLibrary {
    /** The name that finds the library. */
    public static final String NAME = "onednn";

    private static MatrixProvider opened;

    @Override
    public String name() {
        return NAME;
    }

    /** One per process: the library stays loaded, and all kernels share its products. */
    @Override
    public MatrixProvider open() {
        synchronized (OneDnnLibrary.class) {
            if (opened == null) {
                OneDnn oneDnn = OneDnn.load(SharedLibrary.find());
                opened = OneDnnProvider.of(oneDnn, new ProductCache(oneDnn, ProductCache.CAPACITY));
            }
            return opened;
        }
    }
}
