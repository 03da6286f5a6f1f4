package sparrow.speech.flow;

import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.Batch;
import sparrow.speech.schedule.FlowSchedule;

/**
 * Carries noise along the estimated velocity to mel frames, with classifier-free guidance (ConditionalCFM.solve_euler): the
 * velocity is (1 + g) conditional - g unconditional, both computed side by side.
 */
public final class OdeSolver {
    private final Kernels kernels;
    private final FlowSchedule.Method method;
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
        this.method = schedule.method();
        this.steps = schedule.steps(published, guidance);
    }

    /** The use of earlier velocities. */
    public FlowSchedule.Method method() {
        return method;
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
        FlowSchedule.Step stepBefore = null;
        float[] before = null;
        for (FlowSchedule.Step step : steps) {
            if (step.sequences() != input.sequences()) input = conditions.estimatorInput(step.sequences());
            put(x, input);
            float[] velocities = estimator.velocity(step, input).data();
            float extrapolated = extrapolated(stepBefore, step);
            advance(x, step.length() * (1 + extrapolated), velocities, step.guidance());
            if (extrapolated > 0) advance(x, -step.length() * extrapolated, before, step.guidance());
            stepBefore = step;
            before = velocities;
        }
        return x;
    }

    /** Weight of the change since the step before; a change of guidance is none of the velocity's, and begins anew. */
    private float extrapolated(FlowSchedule.Step before, FlowSchedule.Step step) {
        boolean euler = method == FlowSchedule.Method.EULER;
        return euler || before == null || before.guidance() != step.guidance()
                ? 0
                : step.length() / before.length() / 2;
    }

    private void advance(float[] x, float length, float[] velocities, float guidance) {
        kernels.addScaled(length * (1 + guidance), velocities, 0, x, 0, x.length);
        if (guidance != 0) kernels.addScaled(-length * guidance, velocities, x.length, x, 0, x.length);
    }

    /** The same x for all sequences. */
    private static void put(float[] x, Batch input) {
        int bins = x.length / input.frames();
        for (int row = 0; row < input.sequences() * input.frames(); row++) {
            System.arraycopy(x, row % input.frames() * bins, input.data(), row * input.channels(), bins);
        }
    }
}
