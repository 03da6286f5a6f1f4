package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.reply.Step;

/** The raw times of a benchmark, as they come in. */
public final class Measurements {
    private final SequencedMap<Variant, List<DecodeRun>> runs = new LinkedHashMap<>();
    private final SortedMap<Integer, SortedMap<StepKind, List<Long>>> steps = new TreeMap<>();
    private final List<Long> prefillNanos = new ArrayList<>();
    private long firstPrefillNanos = -1;
    private boolean interrupted;

    Measurements() {}

    void firstPrefill(DecodeRun run) {
        if (firstPrefillNanos < 0) firstPrefillNanos = run.prefill().nanos();
    }

    void prefill(DecodeRun run) {
        prefillNanos.add(run.prefill().nanos());
    }

    void add(Variant variant, DecodeRun run) {
        runs.computeIfAbsent(variant, v -> new ArrayList<>()).add(run);
        prefill(run);
    }

    /**
     * Adds steps by what each had to do.
     *
     * @param exitLayer the layer after which the early ones left; L where there are none
     * @param run in the order in which they ran, behind a position at full depth
     * @param layers L
     * @param skippedKv whether positions that left early wait
     */
    void addSteps(int exitLayer, List<Step> run, int layers, SkippedKv skippedKv) {
        StepKind.sort(run, layers, skippedKv, steps.computeIfAbsent(exitLayer, l -> new TreeMap<>()));
    }

    void interrupt() {
        interrupted = true;
    }

    /** Runs of every variant, one a round; the last round may lack some. */
    SequencedMap<Variant, List<DecodeRun>> runs() {
        return runs;
    }

    /** Times of steps in nanoseconds, by the exit layer of their run and by kind. */
    SortedMap<Integer, SortedMap<StepKind, List<Long>>> steps() {
        return steps;
    }

    List<Long> prefillNanos() {
        return prefillNanos;
    }

    /** The very first prefill: weights come from the file, kernels are not compiled. -1 if there was none. */
    long firstPrefillNanos() {
        return firstPrefillNanos;
    }

    /** Whether the benchmark was stopped before its last run. */
    public boolean interrupted() {
        return interrupted;
    }

    /** Whether there is nothing to report. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }
}
