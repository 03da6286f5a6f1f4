package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sparrow.app.JitWatch;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.InterleaveFormat;

/**
 * Measures a language model: warms up, then lets every policy decode once a round, so that what slows the machine for a
 * while slows all of them. Stops after the current token when its thread is interrupted; what was measured until then
 * stays.
 */
public final class Benchmark {
    /** A full step with no position pending, with one, and with two; each kind every sixth token, so at like lengths. */
    private static final String EVERY_KIND = "FEFEEF";

    /** The JIT is through when it works for less than this share of a warm-up round. */
    private static final double QUIET_JIT = 0.03;

    /** Decoded tokens of a warm-up run: two of the pattern above. */
    private static final int WARM_UP_TOKENS = 12;

    private final LanguageModel model;
    private final BenchSettings settings;
    private final BenchProgress progress;
    private final Measurements measured = new Measurements();
    private final List<Run> round = new ArrayList<>();

    /** One thing that a round does. */
    private record Run(String name, LanguageModel model, Variant variant, Consumer<DecodeRun> keep) {}

    private Benchmark(LanguageModel model, BenchSettings settings, BenchProgress progress) {
        this.model = model;
        this.settings = settings;
        this.progress = progress;
        for (Variant variant : settings.variants()) round.add(variantRun(variant));
        for (int layer : settings.exitLayers()) round.add(stepsRun(layer));
    }

    /**
     * Measures.
     *
     * @throws IllegalArgumentException in one line if the settings do not fit the model
     */
    public static Measurements run(LanguageModel model, BenchSettings settings, BenchProgress progress) {
        settings.check(model);
        Benchmark benchmark = new Benchmark(model, settings, progress);
        benchmark.warmUp();
        if (!benchmark.rounds()) benchmark.measured.interrupt();
        return benchmark.measured;
    }

    /** Runs that {@link BenchProgress#ended} will be told of. */
    public static int runs(BenchSettings settings) {
        return settings.rounds()
                * (settings.variants().size() + settings.exitLayers().size());
    }

    private Run variantRun(Variant variant) {
        Variant first = settings.variants().getFirst();
        return new Run(variant.toString(), model, variant, run -> {
            measured.add(variant, run);
            // Without early exits there is one kind of step, and no run of all kinds.
            if (settings.exitLayers().isEmpty() && variant.equals(first)) addSteps(layers(), run);
        });
    }

    private Run stepsRun(int exitLayer) {
        // Patterns begin anew in every chunk, and a model's own chunk may be too short for this one.
        LanguageModel inChunksOfThePattern = new LanguageModel(
                model.transformer(), model.heads(), model.tokens(), new InterleaveFormat(1, EVERY_KIND.length()));
        return new Run(
                "steps after layer " + exitLayer,
                inChunksOfThePattern,
                settings.variant(
                        new ExitPolicy.Periodic(EVERY_KIND, exitLayer),
                        settings.speechLogits().getFirst()),
                run -> {
                    measured.prefill(run);
                    addSteps(exitLayer, run);
                });
    }

    private void addSteps(int exitLayer, DecodeRun run) {
        measured.addSteps(exitLayer, run.decoded(), layers(), settings.skippedKv());
    }

    /** Rounds of short runs until the JIT has nothing left to do, or the time for it is over. */
    private void warmUp() {
        if (settings.warmUpSeconds() == 0) return;
        long end = System.nanoTime() + (long) (settings.warmUpSeconds() * 1e9);
        JitWatch jit;
        do {
            jit = new JitWatch();
            for (Run run : round) {
                if (Thread.currentThread().isInterrupted()) return;
                progress.begin("warming up: " + run.name());
                decode(run, Math.min(settings.tokens(), WARM_UP_TOKENS));
            }
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }

    /** Whether all rounds ran to their end. */
    private boolean rounds() {
        for (int r = 1; r <= settings.rounds(); r++) {
            for (Run run : round) {
                if (Thread.currentThread().isInterrupted()) return false;
                progress.begin("round " + r + " of " + settings.rounds() + ": " + run.name());
                DecodeRun decoded = decode(run, settings.tokens());
                if (!decoded.complete()) return false;
                run.keep().accept(decoded);
                progress.ended();
            }
        }
        return true;
    }

    private DecodeRun decode(Run run, int tokens) {
        DecodeRun decoded = DecodeRun.of(run.model(), run.variant(), settings.promptTokens(), tokens);
        measured.firstPrefill(decoded);
        return decoded;
    }

    private int layers() {
        return model.layers();
    }
}
