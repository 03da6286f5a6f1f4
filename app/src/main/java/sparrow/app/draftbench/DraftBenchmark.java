package sparrow.app.draftbench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.app.bench.BenchProgress;
import sparrow.app.bench.JitWatch;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.RowMeter;
import sparrow.engine.exit.ExitPolicy;

/**
 * Lets full depth and every policy decode once a round, and times what the forecast is fed with in between. Stops when its
 * thread is interrupted.
 */
public final class DraftBenchmark {
    /** The JIT is through when it works for less than this share of a warm-up round. */
    private static final double QUIET_JIT = 0.03;

    private static final ExitPolicy FULL_DEPTH = new ExitPolicy.None();

    private final LanguageModel model;
    private final DraftSettings settings;
    private final BenchProgress progress;
    private final SequencedMap<ExitPolicy, List<DraftRun>> runs = new LinkedHashMap<>();

    /**
     * What was measured.
     *
     * @param full runs at full depth, one a round
     * @param runs those of every policy, one a round; the last round may lack some
     * @param meter holds the times of one round or more
     */
    record Found(List<DraftRun> full, SequencedMap<ExitPolicy, List<DraftRun>> runs, RowMeter meter) {}

    private DraftBenchmark(LanguageModel model, DraftSettings settings, BenchProgress progress) {
        this.model = model;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Measures and sums up.
     *
     * @return empty if it was stopped before every policy had run
     * @throws IllegalArgumentException in one line if the settings do not fit the model
     */
    public static Optional<DraftReport> run(
            DraftReport.Origin origin, LanguageModel model, DraftSettings settings, BenchProgress progress) {
        settings.check(model);
        DraftBenchmark benchmark = new DraftBenchmark(model, settings, progress);
        benchmark.warmUp();
        RowMeter meter = new RowMeter(model, settings.rows(), settings.meanLength());
        benchmark.rounds(meter);
        if (benchmark.runs.size() <= settings.policies().size()) return Optional.empty();
        List<DraftRun> full = benchmark.runs.remove(FULL_DEPTH);
        return Optional.of(DraftReport.of(origin, model, settings, new Found(full, benchmark.runs, meter)));
    }

    private void rounds(RowMeter meter) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (ExitPolicy policy : policies()) {
                if (Thread.currentThread().isInterrupted()) return;
                progress.begin("round " + round + " of " + settings.rounds() + ": " + policy);
                // Beside every run: what slows the machine for a while slows the forecast too.
                meter.round();
                Optional<DraftRun> run = DraftRun.of(model, policy, settings, round);
                if (run.isEmpty()) return;
                runs.computeIfAbsent(policy, key -> new ArrayList<>()).add(run.get());
                progress.ended();
            }
        }
    }

    private List<ExitPolicy> policies() {
        List<ExitPolicy> all = new ArrayList<>(settings.policies());
        all.addFirst(FULL_DEPTH);
        return all;
    }

    private void warmUp() {
        if (settings.warmUpSeconds() == 0) return;
        long end = System.nanoTime() + (long) (settings.warmUpSeconds() * 1e9);
        RowMeter meter = new RowMeter(model, settings.rows(), settings.meanLength());
        DraftSettings few = new DraftSettings(
                settings.policies(),
                settings.acceptance(),
                settings.speechLogits(),
                1,
                settings.promptTokens(),
                Math.min(settings.tokens(), 2 * settings.rows().last()),
                0);
        JitWatch jit;
        do {
            jit = new JitWatch();
            progress.begin("warming up");
            meter.round();
            for (ExitPolicy policy : policies()) {
                if (Thread.currentThread().isInterrupted()) return;
                DraftRun.of(model, policy, few, 0);
            }
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }
}
