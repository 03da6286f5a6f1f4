package sparrow.study.worker;

import java.io.IOException;
import sparrow.models.NumericsFingerprint;
import sparrow.models.SpokenModel;
import sparrow.study.run.ModelSettings;

/**
 * Demands on a process that works for a run: the same build and the same arithmetic, with the same model open.
 *
 * @param build of Sparrow ({@link BuildId})
 * @param arithmetic that decides about the last bits of results
 * @param settings of the model, wherever it lies
 * @param model by its place on the worker's machine
 * @param threads that a worker computes with
 */
public record Ticket(
        String build, NumericsFingerprint arithmetic, ModelSettings settings, WorkerModel model, int threads) {
    /**
     * That of this process.
     *
     * @param model that workers are to open
     * @param opened the same, open here
     * @param threads that a worker computes with
     * @throws IOException if the model's heads or Sparrow's own classes cannot be read
     */
    public static Ticket of(WorkerModel model, SpokenModel opened, int threads) throws IOException {
        return new Ticket(BuildId.here(), NumericsFingerprint.of(opened), ModelSettings.of(opened), model, threads);
    }
}
