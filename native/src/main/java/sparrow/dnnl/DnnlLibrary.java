package sparrow.dnnl;

import sparrow.engine.kernel.MatrixLibrary;
import sparrow.engine.kernel.MatrixProvider;

/** Finds oneDNN; the service that this module provides. */
public final class DnnlLibrary implements MatrixLibrary {
    /** What the library is asked for by. */
    public static final String NAME = "dnnl";

    private static MatrixProvider opened;

    @Override
    public String name() {
        return NAME;
    }

    /** One per process: the library stays loaded, and all kernels share its products. */
    @Override
    public MatrixProvider open() {
        synchronized (DnnlLibrary.class) {
            if (opened == null) {
                Dnnl dnnl = Dnnl.load(SharedLibrary.find());
                opened = DnnlProvider.of(dnnl, new ProductCache(dnnl, ProductCache.CAPACITY));
            }
            return opened;
        }
    }
}
