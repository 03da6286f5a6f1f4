package sparrow.formats.weights;

import java.nio.file.Path;
import sparrow.formats.Printable;

/** Thrown if a checkpoint lacks a tensor that a model requires. */
public final class MissingTensorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public MissingTensorException(Path file, String tensor) {
        super(file + ": tensor " + Printable.of(tensor) + " is missing");
    }
}
