package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.reply.Step;

/**
 * The work of a decode step.
 *
 * @param exitLayer layer that decided its token
 * @param pending positions before it that had left early and, at full depth, go through the upper layers with it
 */
public record StepKind(int exitLayer, int pending) implements Comparable<StepKind> {
    private static final Comparator<StepKind> ORDER =
            Comparator.comparingInt(StepKind::exitLayer).thenComparingInt(StepKind::pending);

    /**
     * Adds the times of a run, in nanoseconds, to those of earlier ones.
     *
     * @param steps in the order in which they ran, behind a position at full depth
     * @param layers L
     * @param skippedKv only {@link SkippedKv#FILL} lets positions wait
     */
    static void sort(List<Step> steps, int layers, SkippedKv skippedKv, SortedMap<StepKind, List<Long>> into) {
        int pending = 0;
        for (Step step : steps) {
            boolean full = step.exitLayer() == layers;
            // An early step carries nothing: what left before it left at the same layer.
            StepKind kind = new StepKind(step.exitLayer(), full ? pending : 0);
            into.computeIfAbsent(kind, k -> new ArrayList<>()).add(step.nanos());
            pending = full || skippedKv != SkippedKv.FILL ? 0 : pending + 1;
        }
    }

    /**
     * In words.
     *
     * @param runExit the layer after which the early steps of its run left
     * @param layers L
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
