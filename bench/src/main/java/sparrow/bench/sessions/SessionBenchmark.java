package sparrow.bench.sessions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.app.JitWatch;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DepthPolicy;

/** Lets every number of sessions decode once a round with every policy. Stops when its thread is interrupted. */
public final class SessionBenchmark {
    /** The JIT is through when it works for less than this share of a warm-up round. */
    private static final double QUIET_JIT = 0.03;

    private SessionBenchmark() {}

    /**
     * Measures.
     *
     * @return one row for each variant that ran, in their order
     * @throws IllegalArgumentException in one line if the settings do not fit the model
     */
    public static List<SessionReport.Row> run(LanguageModel model, SessionSettings settings, BenchProgress progress) {
        settings.check(model);
        List<Variant> variants = variants(settings);
        warmUp(model, settings, variants, progress);
        SequencedMap<Variant, List<SessionRun.Times>> times = new LinkedHashMap<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Variant variant : variants) {
                if (Thread.currentThread().isInterrupted()) return rows(times);
                progress.begin("round " + round + " of " + settings.rounds() + ": " + variant);
                SessionRun.Times run = SessionRun.of(model, variant, settings, round);
                if (run.passNanos().size() < settings.passes()) return rows(times);
                times.computeIfAbsent(variant, key -> new ArrayList<>()).add(run);
                progress.ended();
            }
        }
        return rows(times);
    }

    private static List<Variant> variants(SessionSettings settings) {
        List<Variant> variants = new ArrayList<>();
        for (int sessions : settings.sessions()) {
            for (DepthPolicy policy : settings.policies()) {
                variants.add(new Variant(sessions, policy));
            }
        }
        return variants;
    }

    private static void warmUp(
            LanguageModel model, SessionSettings settings, List<Variant> variants, BenchProgress progress) {
        long end = System.nanoTime() + (long) (settings.warmUpSeconds() * 1e9);
        JitWatch jit = new JitWatch();
        while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            for (Variant variant : variants) {
                if (System.nanoTime() > end) return;
                progress.begin("warming up: " + variant);
                SessionRun.of(model, variant, settings, 0);
            }
            if (jit.share() < QUIET_JIT) return;
            jit = new JitWatch();
        }
    }

    private static List<SessionReport.Row> rows(Map<Variant, List<SessionRun.Times>> times) {
        return times.entrySet().stream()
                .map(entry -> SessionReport.Row.of(entry.getKey(), entry.getValue()))
                .toList();
    }
}
