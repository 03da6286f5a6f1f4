package sparrow.speech.flow;

import java.util.List;
import sparrow.speech.layers.Batch;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Kernels;

/**
 * Carries noise along the estimated velocity to mel frames, with classifier-free guidance (ConditionalCFM.solve_euler): the
 * velocity is (1 + g) conditional - g unconditional, both computed side by side.
 */
public final class OdeSolver {
    private final Kernels kernels;
    private final List<FlowSchedule.Step> steps;

    /** The network that estimates the velocity. */
    @FunctionalInterface
    public interface Estimator {
        /**
         * The velocity at a step.
         *
         * @param input [step.sequences(), frames, 4 * melBins]: x, mu, speaker, given frame; conditional, then unconditional
         * @return [step.sequences(), frames, melBins], an array that stays as it is
         */
        Batch velocity(FlowSchedule.Step step, Batch input);
    }

    /**
     * A solver.
     *
     * @param published number of steps that the checkpoint names
     * @param guidance strength g that it names
     */
    public OdeSolver(Kernels kernels, FlowSchedule schedule, int published, float guidance) {
        this.kernels = kernels;
        this.steps = schedule.steps(published, guidance);
    }

    /** The steps, in order. */
    public List<FlowSchedule.Step> steps() {
        return steps;
    }

    /**
     * The mel frames.
     *
     * @param noise standard normal, [frames, melBins]
     * @return [frames, melBins]
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

    /** The same x for all sequences. */
    private static void put(float[] x, Batch input) {
        int bins = x.length / input.frames();
        for (int row = 0; row < input.sequences() * input.frames(); row++) {
            System.arraycopy(x, row % input.frames() * bins, input.data(), row * input.channels(), bins);
        }
    }
}
