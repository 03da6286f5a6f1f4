package sparrow.speech.flow;

import java.util.List;
import sparrow.speech.layers.Batch;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Kernels;

/**
 * Integrates the estimated velocity from noise to mel frames with classifier-free guidance
 * (ConditionalCFM.solve_euler). The velocity is (1 + g) conditional - g unconditional; both are computed in one batch.
 */
public final class OdeSolver {
    private final Kernels kernels;
    private final List<FlowSchedule.Step> steps;

    /** The network that estimates the velocity. */
    @FunctionalInterface
    public interface Estimator {
        /**
         * Estimates the velocity at a step.
         *
         * @param input x, mu, speaker and given frame, [step.sequences(), frames, 4 * melBins]; the conditional
         *     sequence precedes the unconditional sequence
         * @return velocity, [step.sequences(), frames, melBins], in an array that the estimator does not modify later
         */
        Batch velocity(FlowSchedule.Step step, Batch input);
    }

    /**
     * Creates a solver for the steps of a schedule.
     *
     * @param schedule steps from noise to mel frames
     * @param published number of steps in the checkpoint's configuration
     * @param guidance guidance strength g in the checkpoint's configuration
     */
    public OdeSolver(Kernels kernels, FlowSchedule schedule, int published, float guidance) {
        this.kernels = kernels;
        this.steps = schedule.steps(published, guidance);
    }

    /** Returns the steps in order. */
    public List<FlowSchedule.Step> steps() {
        return steps;
    }

    /**
     * Computes mel frames from noise.
     *
     * @param noise standard normal numbers, [frames, melBins]
     * @return mel frames, [frames, melBins]
     */
    public float[] solve(float[] noise, Conditions conditions, Estimator estimator) {
        float[] x = noise.clone();
        Batch input = conditions.estimatorInput(steps.getFirst().sequences());
        for (FlowSchedule.Step step : steps) {
            if (step.sequences() != input.sequences()) input = conditions.estimatorInput(step.sequences());
            put(x, input);
            advance(x, step, estimator.velocity(step, input).data());
        }
        return x;
    }

    private void advance(float[] x, FlowSchedule.Step step, float[] velocities) {
        float guidance = step.guidance();
        kernels.addScaled(step.length() * (1 + guidance), velocities, 0, x, 0, x.length);
        if (guidance != 0) kernels.addScaled(-step.length() * guidance, velocities, x.length, x, 0, x.length);
    }

    /** Copies x to all sequences of the input. */
    private static void put(float[] x, Batch input) {
        int bins = x.length / input.frames();
        for (int row = 0; row < input.sequences() * input.frames(); row++) {
            System.arraycopy(x, row % input.frames() * bins, input.data(), row * input.channels(), bins);
        }
    }
}
