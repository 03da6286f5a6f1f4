package sparrow.bench.context;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sparrow.app.JitWatch;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.KvFormat;

/**
 * Lets every format decode a few tokens in turn behind the same number of positions. From the longest context to the
 * shortest, so that the caches are filled once and then cut. Stops when its thread is interrupted.
 */
public final class ContextBenchmark {
    /** The JIT is through when it works for less than this share of a warm-up round. */
    private static final double QUIET_JIT = 0.03;

    /** Positions that suffice to compile everything. */
    private static final int WARM_UP_POSITIONS = 600;

    private final ContextSettings settings;
    private final BenchProgress progress;
    private final Map<KvFormat, FilledContext> contexts = new EnumMap<>(KvFormat.class);

    private ContextBenchmark(LanguageModel model, ContextSettings settings, BenchProgress progress) {
        this.settings = settings;
        this.progress = progress;
        for (KvFormat format : settings.formats()) contexts.put(format, new FilledContext(model, format));
    }

    /**
     * Measures.
     *
     * @return one row for each length and format of which all rounds ran, the shortest context first
     * @throws IllegalArgumentException in one line if the settings do not fit the model
     */
    public static List<ContextReport.Row> run(LanguageModel model, ContextSettings settings, BenchProgress progress) {
        settings.check(model);
        ContextBenchmark benchmark = new ContextBenchmark(model, settings, progress);
        benchmark.warmUp();
        List<ContextReport.Row> rows = new ArrayList<>();
        List<Integer> falling =
                settings.lengths().stream().sorted(Comparator.reverseOrder()).toList();
        for (int length : falling) rows.addAll(0, benchmark.rows(length));
        return rows;
    }

    private void warmUp() {
        if (settings.warmUpSeconds() == 0) return;
        progress.begin("warming up");
        long end = System.nanoTime() + (long) (settings.warmUpSeconds() * 1e9);
        int longest =
                settings.lengths().stream().mapToInt(Integer::intValue).max().orElseThrow();
        contexts.values().forEach(context -> context.resize(Math.min(longest, WARM_UP_POSITIONS)));
        JitWatch jit;
        do {
            jit = new JitWatch();
            for (FilledContext context : contexts.values()) {
                if (Thread.currentThread().isInterrupted()) return;
                turn(context);
            }
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }

    /** Those of one length; none if it was interrupted. */
    private List<ContextReport.Row> rows(int length) {
        Map<KvFormat, List<FilledContext.Step>> steps = new EnumMap<>(KvFormat.class);
        for (KvFormat format : settings.formats()) {
            progress.begin("filling " + length + " positions in " + format);
            contexts.get(format).resize(length);
            steps.put(format, new ArrayList<>());
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (KvFormat format : settings.formats()) {
                if (Thread.currentThread().isInterrupted()) return List.of();
                progress.begin("round " + round + " of " + settings.rounds() + ": " + length + " in " + format);
                steps.get(format).addAll(turn(contexts.get(format)));
                progress.ended();
            }
        }
        return settings.formats().stream()
                .map(format -> ContextReport.Row.of(
                        length,
                        format,
                        contexts.get(format).bytesRead(),
                        steps.get(format),
                        steps.get(settings.formats().getFirst())))
                .toList();
    }

    /** The first step brings what another format has driven out of the processor's cache, and is not counted. */
    private List<FilledContext.Step> turn(FilledContext context) {
        context.step();
        List<FilledContext.Step> steps = new ArrayList<>();
        for (int t = 0; t < settings.tokens(); t++) steps.add(context.step());
        return steps;
    }
}
