package sparrow.gpu.bench;

import java.util.List;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;

/**
 * The settings of a benchmark of a device without a model.
 *
 * @param models models whose matrix shapes are measured
 * @param types number formats of the matrices
 * @param times number of repetitions of each measurement
 */
public record KernelSettings(List<PublishedModel> models, List<Quantisation> types, int times) {
    /** Maximum number of rows that share one read of a matrix. */
    static final int MAX_ROWS = 4;

    public KernelSettings {
        models = List.copyOf(models);
        types = List.copyOf(types);
        if (times < 1) throw new IllegalArgumentException("--rounds: expected 1 or more, got " + times);
    }

    /** Returns the number of matrices in all models and number formats. */
    public int runs() {
        return types.size()
                * models.stream()
                        .mapToInt(model -> ModelMatrix.of(model).size())
                        .sum();
    }
}
