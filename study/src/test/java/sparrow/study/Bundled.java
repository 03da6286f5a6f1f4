package sparrow.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The bundled model, opened once for all tests of a process. */
public final class Bundled {
    public static final ComputePool POOL = ComputePool.ofMachine();

    public static final SpokenModel MODEL = open();

    private Bundled() {}

    private static SpokenModel open() {
        try {
            return SpokenModels.bundled(OpenOptions.NONE, Kernels.create(POOL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
