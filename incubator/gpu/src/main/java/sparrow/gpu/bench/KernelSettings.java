package sparrow.gpu.bench;

import java.util.List;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;

/**
 * The settings of a benchmark of a device without a model.
 *
 * @param models whose matrices the rows are multiplied with
 * @param types of these matrices
 * @param times that each measurement is repeated
 */
public record KernelSettings(List<PublishedModel> models, List<Quantisation> types, int times) {
    /** Rows that share one reading of a matrix. */
    static final int MAX_ROWS = 4;

    public KernelSettings {
        models = List.copyOf(models);
        types = List.copyOf(types);
        if (times < 1) throw new IllegalArgumentException("--rounds: expected 1 or more, got " + times);
    }

    /** Matrices of all models and types. */
    public int runs() {
        return types.size()
                * models.stream()
                        .mapToInt(model -> ModelMatrix.of(model).size())
                        .sum();
    }
}
