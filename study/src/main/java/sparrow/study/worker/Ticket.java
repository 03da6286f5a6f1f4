package sparrow.study.worker;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.ModelSettings;

/**
 * Requirements for a worker process of a run: the numerics and the model of the process that began the run.
 *
 * @param numerics numerics on which the last bits of results depend ({@link SpokenModel#numerics})
 * @param vectorBits width of the vectors that kernels compute with
 * @param settings settings of the model, which do not depend on where it is stored
 * @param model the model by its paths on the worker's machine
 * @param threads number of threads that a worker computes with
 */
public record Ticket(String numerics, int vectorBits, ModelSettings settings, WorkerModel model, int threads) {
    /**
     * Demands that this process meets.
     *
     * @param model that workers are to open
     * @param opened the same, open here
     * @param threads that a worker computes with
     * @throws IOException if the file of the model's heads cannot be read
     */
    public static Ticket of(WorkerModel model, SpokenModel opened, int threads) throws IOException {
        return new Ticket(opened.numerics(), vectorBits(opened), ModelSettings.of(opened), model, threads);
    }

    /** The width of the vectors that a model computes with, in bits; 32 without vectors. */
    public static int vectorBits(SpokenModel model) {
        return model.languageModel().transformer().kernels().vectorBits();
    }
}
