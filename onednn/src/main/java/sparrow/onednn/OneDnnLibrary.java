package sparrow.onednn;

import sparrow.tensor.kernel.MatrixLibrary;
import sparrow.tensor.kernel.MatrixProvider;

/** oneDNN as a {@link MatrixLibrary}, the service of this module. */
public final class OneDnnLibrary implements MatrixLibrary {
    /** Name of the library on the command line. */
    public static final String NAME = "onednn";

    private static MatrixProvider opened;

    @Override
    public String name() {
        return NAME;
    }

    /** Returns the provider for this process. The library remains loaded, and all kernels share its products. */
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
