package sparrow.app.options;

import java.util.Locale;
import java.util.Optional;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.MatrixLibrary;
import sparrow.tensor.kernel.MatrixProvider;

/** The library for large matrix products ({@code --set matrix}). */
public enum MatrixChoice {
    /** The project's own kernels. */
    JAVA,
    /** oneDNN. An error is reported if it is not installed. */
    ONEDNN,
    /** oneDNN if it is installed and faster, or the project's own kernels otherwise. */
    AUTO;

    private static final String LIBRARY = "onednn";

    /**
     * Kernels with a description.
     *
     * @param description a line that names the library, or the reason why Java is used instead
     */
    record Chosen(Kernels kernels, String description) {}

    /**
     * Returns the choice with the given name.
     *
     * @throws IllegalArgumentException if there is no such choice
     */
    static MatrixChoice parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "java" -> JAVA;
            case LIBRARY -> ONEDNN;
            case "auto" -> AUTO;
            default -> throw new IllegalArgumentException("expected auto, java or onednn, got '" + name + "'");
        };
    }

    /**
     * Returns kernels that run on the threads of {@code pool}.
     *
     * @throws IllegalArgumentException if the requested library is not found
     */
    Chosen kernels(ComputePool pool) {
        return switch (this) {
            case JAVA -> java(pool, "java");
            case ONEDNN -> {
                try {
                    yield with(open(), pool);
                } catch (IllegalStateException e) {
                    throw new IllegalArgumentException("--set matrix=onednn: " + e.getMessage(), e);
                }
            }
            case AUTO -> {
                try {
                    MatrixProvider provider = open();
                    yield provider.isFasterThanF32()
                            ? with(provider, pool)
                            : java(pool, "java (no instructions for bf16: " + provider.description() + ")");
                } catch (IllegalStateException e) {
                    yield java(pool, "java (" + e.getMessage() + ")");
                }
            }
        };
    }

    private static Chosen java(ComputePool pool, String description) {
        return new Chosen(Kernels.create(pool), description);
    }

    private static Chosen with(MatrixProvider provider, ComputePool pool) {
        return new Chosen(Kernels.create(pool, provider), provider.description());
    }

    private static MatrixProvider open() {
        Optional<MatrixLibrary> library = MatrixLibrary.find(LIBRARY);
        return library.orElseThrow(() -> new IllegalStateException(
                        "the module sparrow-onednn is not on the class path; ./sparrow downloads it, 28 MB, at the first"
                                + " --set matrix=onednn"))
                .open();
    }
}
