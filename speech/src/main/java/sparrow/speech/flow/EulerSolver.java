package sparrow.speech.flow;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.Batch;

/**
 * Carries noise along the estimated velocity to mel frames, in Euler steps with classifier-free guidance
 * (ConditionalCFM.solve_euler): the velocity is (1 + g) conditional - g unconditional, both computed side by side.
 */
public final class EulerSolver {
    /** Steps in every published use. */
    public static final int PUBLISHED_STEPS = 10;

    private final Kernels kernels;
    private final float guidance;
    private final List<Step> steps;

    /**
     * One step.
     *
     * @param index from 0
     * @param time at which the velocity is taken, within [0, 1)
     * @param length of the step
     */
    public record Step(int index, float time, float length) {}

    /** The network that estimates the velocity. */
    @FunctionalInterface
    public interface Estimator {
        /**
         * The velocity at a step.
         *
         * @param input [2, frames, 4 * melBins]: x, mu, speaker, given frame; conditional, then unconditional
         * @return [2, frames, melBins]
         */
        Batch velocity(Step step, Batch input);
    }

    /**
     * A solver.
     *
     * @param steps number of steps
     * @param guidance strength g of the guidance
     */
    public EulerSolver(Kernels kernels, int steps, float guidance) {
        this.kernels = kernels;
        this.guidance = guidance;
        this.steps = steps(steps);
    }

    /** The steps, in order. */
    public List<Step> steps() {
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
        Batch input = conditions.estimatorInput();
        for (Step step : steps) {
            put(x, input);
            float[] velocities = estimator.velocity(step, input).data();
            kernels.addScaled(step.length() * (1 + guidance), velocities, 0, x, 0, x.length);
            kernels.addScaled(-step.length() * guidance, velocities, x.length, x, 0, x.length);
        }
        return x;
    }

    /** The same x for both sequences. */
    private static void put(float[] x, Batch input) {
        int bins = x.length / input.frames();
        for (int row = 0; row < input.sequences() * input.frames(); row++) {
            System.arraycopy(x, row % input.frames() * bins, input.data(), row * input.channels(), bins);
        }
    }

    /** The time is summed up from the steps' lengths in f32, as in the reference. */
    private static List<Step> steps(int count) {
        float[] times = times(count);
        List<Step> steps = new ArrayList<>();
        float t = times[0];
        for (int k = 0; k < count; k++) {
            steps.add(new Step(k, t, times[k + 1] - t));
            t += times[k + 1] - t;
        }
        return List.copyOf(steps);
    }

    /** The beginnings of the steps and the end of the last, 1 - cos(pi/2 k/steps): small steps first. */
    static float[] times(int steps) {
        float[] times = new float[steps + 1];
        for (int k = 0; k <= steps; k++) times[k] = (float) (1 - Math.cos(k * Math.PI / 2 / steps));
        return times;
    }
}
