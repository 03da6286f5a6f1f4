package sparrow.app.rowsbench;

import java.util.Optional;
import sparrow.app.bench.BenchProgress;
import sparrow.app.bench.JitWatch;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.RowMeter;

/** Times passes of several rows of one sequence, in rounds. Stops after the current round when its thread is interrupted. */
public final class RowsBenchmark {
    /** The JIT is through when it works for less than this share of a warm-up round. */
    private static final double QUIET_JIT = 0.03;

    private RowsBenchmark() {}

    /**
     * What was measured.
     *
     * @param meter holds the times of one round or more
     * @param rounds that ran
     * @param multiplyAddsPerSecond of the model's own kernels, out of the cache
     */
    public record Found(RowMeter meter, int rounds, double multiplyAddsPerSecond) {}

    /**
     * Measures.
     *
     * @return empty if it was stopped before its first round ended
     * @throws IllegalArgumentException in one line if the settings do not fit the model
     */
    public static Optional<Found> run(LanguageModel model, RowsSettings settings, BenchProgress progress) {
        settings.check(model);
        warmUp(model, settings, progress);
        RowMeter meter = new RowMeter(model, settings.rows(), settings.promptTokens());
        int rounds = 0;
        while (rounds < settings.rounds() && !Thread.currentThread().isInterrupted()) {
            progress.begin("round " + (rounds + 1) + " of " + settings.rounds());
            meter.round();
            rounds++;
            progress.ended();
        }
        if (rounds == 0) return Optional.empty();
        return Optional.of(new Found(
                meter, rounds, CachedProducts.perSecond(model, settings.rows().last())));
    }

    private static void warmUp(LanguageModel model, RowsSettings settings, BenchProgress progress) {
        if (settings.warmUpSeconds() == 0) return;
        long end = System.nanoTime() + (long) (settings.warmUpSeconds() * 1e9);
        RowMeter meter = new RowMeter(model, settings.rows(), settings.promptTokens());
        JitWatch jit;
        do {
            if (Thread.currentThread().isInterrupted()) return;
            jit = new JitWatch();
            progress.begin("warming up");
            meter.round();
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }
}
