package sparrow.gpu.bench;

import java.util.List;
import sparrow.app.report.Quartiles;
import sparrow.gpu.device.DeviceUse;

/**
 * Measurements of a model on a device. 1 GB is 10^9 bytes.
 *
 * @param ceiling fastest read of the device
 * @param steps one result for each combination of context length and kind of step
 * @param prefill one result for each number of rows
 */
public record DeviceFigures(Ceiling ceiling, List<Step> steps, List<Prefill> prefill) {
    /**
     * The speed of a kernel that only reads memory.
     *
     * @param bytes size of the memory
     * @param readGbPerS speed, one value per read
     */
    public record Ceiling(long bytes, Quartiles readGbPerS) {
        /** Returns a speed as a fraction of the ceiling. */
        double share(double gbPerS) {
            return gbPerS / readGbPerS.median();
        }
    }

    /**
     * The average use of the device by a step or a prefill.
     *
     * @param launches number of kernels
     * @param waits number of times that the host waited for the device
     */
    public record Asked(double launches, double waits) {
        /** Returns the average use of the device by the measured steps or prefills. */
        static Asked mean(List<StepMeter.Taken> taken) {
            DeviceUse all = taken.stream().map(StepMeter.Taken::use).reduce(new DeviceUse(0, 0), DeviceUse::plus);
            return new Asked((double) all.launches() / taken.size(), (double) all.waits() / taken.size());
        }
    }

    /**
     * The result for one kind of step.
     *
     * @param context number of preceding positions
     * @param exitLayer the layer after which the step, or the pending positions, exited; L if nothing exits early
     * @param depth the layer whose head chose the token
     * @param pendingRows number of earlier positions that joined the step above {@code exitLayer}
     * @param ms time in milliseconds, one value per step
     * @param ratioToFull median time divided by the median time of a full step without pending positions and with an
     *     equal context
     * @param bytes size of the weights read
     * @param gbPerS read speed at the median time
     * @param shareOfCeiling read speed as a fraction of the ceiling
     * @param asked use of the device
     */
    public record Step(
            int context,
            int exitLayer,
            int depth,
            int pendingRows,
            Quartiles ms,
            double ratioToFull,
            long bytes,
            double gbPerS,
            double shareOfCeiling,
            Asked asked) {}

    /**
     * The result for positions that are prefilled at once, including the choice of the next token.
     *
     * @param ms time in milliseconds, one value per prefill
     * @param asked use of the device
     */
    public record Prefill(int rows, Quartiles ms, double tokensPerS, Asked asked) {}
}
