package sparrow.gpu.bench;

import java.util.List;
import sparrow.app.report.Quartiles;
import sparrow.gpu.device.DeviceUse;

/**
 * Measurements of a model on a device. GB are 10^9 bytes.
 *
 * @param ceiling the fastest reading of the device
 * @param steps one result for each kind of step behind each number of positions
 * @param prefill one result for each number of rows
 */
public record DeviceFigures(Ceiling ceiling, List<Step> steps, List<Prefill> prefill) {
    /**
     * A kernel that reads memory and does nothing else.
     *
     * @param bytes of that memory
     * @param readGbPerS one value each time
     */
    public record Ceiling(long bytes, Quartiles readGbPerS) {
        /** The share of the ceiling that a speed is. */
        double share(double gbPerS) {
            return gbPerS / readGbPerS.median();
        }
    }

    /**
     * The use of the device by a step or a prefill.
     *
     * @param launches kernels
     * @param waits times that the host waited for the device
     */
    public record Asked(double launches, double waits) {
        /** The average use. */
        static Asked mean(List<StepMeter.Taken> taken) {
            DeviceUse all = taken.stream().map(StepMeter.Taken::use).reduce(new DeviceUse(0, 0), DeviceUse::plus);
            return new Asked((double) all.launches() / taken.size(), (double) all.waits() / taken.size());
        }
    }

    /**
     * One kind of step.
     *
     * @param context positions before it
     * @param exitLayer the layer after which the pending positions left, or the step itself; L if nothing exits early
     * @param depth layer that decided
     * @param pendingRows earlier positions that it carried through the layers above {@code exitLayer}
     * @param ms one value a step
     * @param ratioToFull median by that of a full step without pending positions behind as many positions
     * @param bytes of weights read
     * @param gbPerS of them at the median time
     * @param shareOfCeiling the same by the ceiling
     * @param asked of the device
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
     * Positions that are prefilled at once, with the choice of the token behind them.
     *
     * @param ms one value each time
     * @param asked of the device
     */
    public record Prefill(int rows, Quartiles ms, double tokensPerS, Asked asked) {}
}
