package sparrow.dnnl;

import org.junit.jupiter.api.Assumptions;
import sparrow.engine.kernel.MatrixProvider;

/** The library where it is to be had; a test that needs it is skipped with the reason elsewhere. */
final class Installed {
    private Installed() {}

    static Dnnl library() {
        try {
            return Dnnl.load(SharedLibrary.find());
        } catch (IllegalStateException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    static MatrixProvider provider() {
        try {
            return new DnnlLibrary().open();
        } catch (IllegalStateException e) {
            return Assumptions.abort(e.getMessage());
        }
    }
}
