package sparrow.study.worker;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.ModelSettings;

/**
 * Demands on a process that works for a run: the numerics of the process that began it, with the same model open.
 *
 * @param numerics that the last bits of results depend on ({@link SpokenModel#numerics})
 * @param vectorBits width of the vectors that kernels compute with
 * @param settings of the model, wherever it is stored
 * @param model by its place on the worker's machine
 * @param threads that a worker computes with
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
