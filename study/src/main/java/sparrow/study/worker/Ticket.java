package sparrow.study.worker;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.ModelSettings;

/**
 * Requirements for a worker process of a run: the numerics and the model of the process that started the run.
 *
 * @param numerics numerics that determine the last bits of results ({@link SpokenModel#numerics})
 * @param vectorBits width of the vectors used by kernels
 * @param settings settings of the model, independent of its location
 * @param model the model by its paths on the worker's machine
 * @param threads number of threads per worker
 */
public record Ticket(String numerics, int vectorBits, ModelSettings settings, WorkerModel model, int threads) {
    /**
     * Returns the requirements met by this process.
     *
     * @param model model for the workers to open
     * @param opened the model opened in this process
     * @param threads number of threads per worker
     * @throws IOException if the file of the model's heads cannot be read
     */
    public static Ticket of(WorkerModel model, SpokenModel opened, int threads) throws IOException {
        return new Ticket(opened.numerics(), vectorBits(opened), ModelSettings.of(opened), model, threads);
    }

    /** Returns the vector width used by a model, in bits, or 32 without vectors. */
    public static int vectorBits(SpokenModel model) {
        return model.languageModel().transformer().kernels().vectorBits();
    }
}
