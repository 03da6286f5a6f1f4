package sparrow.onednn;

import org.junit.jupiter.api.Assumptions;
import sparrow.tensor.kernel.MatrixProvider;

/** The library where it is to be had; a test that needs it is skipped with the reason elsewhere. */
final class Installed {
    private Installed() {}

    static OneDnn library() {
        try {
            return OneDnn.load(SharedLibrary.find());
        } catch (IllegalStateException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    static MatrixProvider provider() {
        try {
            return new OneDnnLibrary().open();
        } catch (IllegalStateException e) {
            return Assumptions.abort(e.getMessage());
        }
    }
}
