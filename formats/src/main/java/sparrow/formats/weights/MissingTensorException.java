package sparrow.formats.weights;

import java.nio.file.Path;

/** A tensor that a model needs is not in its checkpoint. */
public final class MissingTensorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public MissingTensorException(Path file, String tensor) {
        super(file + ": tensor " + Printable.of(tensor) + " is missing");
    }
}
