package sparrow.engine;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;

/** What one test computes with, threads and memory, both given back behind it: a field with {@link RegisterExtension}. */
public final class Machine implements AfterEachCallback {
    private final ComputePool pool;
    private final Kernels kernels;
    private final Arena arena;

    /** With so many threads. */
    @SuppressWarnings("MustBeClosedChecker") // afterEach closes it
    public Machine(int threads) {
        pool = new ComputePool(threads);
        kernels = Kernels.create(pool);
        arena = Arena.ofShared();
    }

    /** Those of this machine. */
    public Kernels kernels() {
        return kernels;
    }

    /** Holds what is made for the test. */
    public Arena arena() {
        return arena;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        pool.close();
        arena.close();
    }
}
