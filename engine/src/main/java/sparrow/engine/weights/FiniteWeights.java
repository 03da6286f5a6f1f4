package sparrow.engine.weights;

import sparrow.engine.tensor.Finite;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.tensor.Tensor;

/** Refuses weights that hold NaN or infinity: one of them is enough for a model to say nonsense. */
public final class FiniteWeights {
    private FiniteWeights() {}

    /**
     * Refuses a matrix of a checkpoint, or rows of one, that is not finite.
     *
     * @throws BadFileException that names file and tensor
     */
    public static void require(Checkpoint checkpoint, Matrix matrix) {
        if (Finite.all(matrix)) return;
        String name = checkpoint.names().stream()
                .filter(candidate -> holds(checkpoint.tensor(candidate), matrix))
                .findFirst()
                .orElse("matrix of " + matrix.rows() + " x " + matrix.columns());
        throw refusal(checkpoint, name);
    }

    private static boolean holds(Tensor tensor, Matrix matrix) {
        return tensor.data().asOverlappingSlice(matrix.data()).isPresent();
    }

    /**
     * Refuses values of a checkpoint's tensor that are not finite.
     *
     * @throws BadFileException that names file and tensor
     */
    static void require(Checkpoint checkpoint, String name, float[] values) {
        if (!Finite.all(values)) throw refusal(checkpoint, name);
    }

    private static BadFileException refusal(Checkpoint checkpoint, String name) {
        return new BadFileException(
                checkpoint.source(), "tensor " + Printable.of(name), "expected finite numbers, found NaN or infinity");
    }
}
