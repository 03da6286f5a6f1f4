package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.reply.Step;

/**
 * The kind of a decode step, determined by its amount of work.
 *
 * @param exitLayer layer that decided the token
 * @param pending number of earlier positions that exited early and are processed by the upper layers in this step
 */
public record StepKind(int exitLayer, int pending) implements Comparable<StepKind> {
    private static final Comparator<StepKind> ORDER =
            Comparator.comparingInt(StepKind::exitLayer).thenComparingInt(StepKind::pending);

    /**
     * Adds the step times of a run, in nanoseconds, to {@code into}.
     *
     * @param steps steps in order, after a position at full depth
     * @param layers number of layers L
     * @param skippedKv treatment of skipped layers; positions become pending only with {@link SkippedKv#FILL}
     */
    static void sort(List<Step> steps, int layers, SkippedKv skippedKv, SortedMap<StepKind, List<Long>> into) {
        int pending = 0;
        for (Step step : steps) {
            boolean full = step.exitLayer() == layers;
            // An early step has no pending positions, because earlier positions exited at the same layer.
            StepKind kind = new StepKind(step.exitLayer(), full ? pending : 0);
            into.computeIfAbsent(kind, k -> new ArrayList<>()).add(step.nanos());
            pending = full || skippedKv != SkippedKv.FILL ? 0 : pending + 1;
        }
    }

    /**
     * Returns a description of this kind of step for reports.
     *
     * @param runExit exit layer of the run's early steps
     * @param layers number of layers L
     */
    public String name(int runExit, int layers) {
        if (exitLayer < layers) return "early, layer " + exitLayer;
        if (pending == 0) return "full";
        return "full + " + pending + " pending from " + runExit;
    }

    @Override
    public int compareTo(StepKind other) {
        return ORDER.compare(this, other);
    }
}
