package sparrow.bench.decode;

import static sparrow.bench.harness.Figures.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import sparrow.app.options.LanguageModelOptions;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.Benchmark;
import sparrow.bench.harness.Figures;
import sparrow.bench.harness.FilledCache;
import sparrow.bench.harness.Run;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHead;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.KvFormat;

/**
 * {@code bench decode --positions}: measures the time to decode one token after a long context, for each format of keys
 * and values. The formats alternate. Contexts are measured from the longest to the shortest, so that caches are filled
 * once and then truncated.
 */
final class ContextBenchmark implements Benchmark {
    /** A number of positions sufficient for the JIT compiler to compile all code. */
    private static final int WARM_UP_POSITIONS = 600;

    private final LanguageModelOptions.Measured model;
    private final List<Integer> falling;
    private final int tokens;
    private final Map<KvFormat, FilledContext> contexts = new LinkedHashMap<>();
    private final List<Found> found = new ArrayList<>();

    /** The steps measured with a format after a number of positions, and the measurements of the first format. */
    private record Found(int positions, KvFormat format, long kvBytes, List<FilledContext.Step> steps, Found first) {
        Quartiles ms(ToLongFunction<FilledContext.Step> nanos) {
            return Quartiles.of(
                    steps.stream().map(step -> nanos.applyAsLong(step) / 1e6).toList());
        }

        /** Returns the speed relative to the first format at this length. */
        double ratio(ToLongFunction<FilledContext.Step> nanos) {
            return first == null ? 1 : first.ms(nanos).median() / ms(nanos).median();
        }
    }

    /**
     * Creates a benchmark of the token after a long context.
     *
     * @param positions numbers of positions before the token, each measured separately
     * @param formats formats of keys and values; the first is the baseline
     * @param tokens number of steps per format before the next format is measured
     * @throws IllegalArgumentException if the arguments do not fit the model
     */
    ContextBenchmark(LanguageModelOptions.Measured model, List<Integer> positions, List<KvFormat> formats, int tokens) {
        if (tokens < 1) throw new IllegalArgumentException("--tokens: expected 1 or more, got " + tokens);
        LanguageModel lm = model.languageModel();
        int max = lm.transformer().config().contextLength() - 1;
        for (int count : positions) {
            if (count < 1 || count > max) {
                throw new IllegalArgumentException(
                        "--positions: expected 1 to " + max + ", the context of this model less one, got " + count);
            }
        }
        this.model = model;
        this.tokens = tokens;
        falling = new LinkedHashSet<>(positions)
                .stream().sorted(Comparator.reverseOrder()).toList();
        for (KvFormat format : formats) contexts.put(format, new FilledContext(lm, format));
    }

    @Override
    public List<Run> warmUp() {
        int positions = Math.min(falling.getFirst(), WARM_UP_POSITIONS);
        return contexts.entrySet().stream()
                .map(entry ->
                        new Run(entry.getKey().toString(), () -> turn(entry.getValue(), positions, new ArrayList<>())))
                .toList();
    }

    @Override
    public List<List<Run>> phases() {
        return falling.stream().map(this::phase).toList();
    }

    private List<Run> phase(int positions) {
        List<Run> runs = new ArrayList<>();
        contexts.forEach((format, context) -> runs.add(new Run(positions + " in " + format, () -> {
            List<FilledContext.Step> steps = new ArrayList<>();
            boolean complete = turn(context, positions, steps);
            if (complete) found(positions, format, context).steps().addAll(steps);
            return complete;
        })));
        return runs;
    }

    /**
     * Runs consecutive steps with a format. The first step is discarded because another format has evicted this
     * format's data from the processor's cache.
     */
    private boolean turn(FilledContext context, int positions, List<FilledContext.Step> steps) {
        context.resize(positions);
        if (Thread.currentThread().isInterrupted()) return false;
        context.step();
        for (int t = 0; t < tokens; t++) steps.add(context.step());
        return true;
    }

    private Found found(int positions, KvFormat format, FilledContext context) {
        Found first = null;
        for (Found other : found) {
            if (other.positions() != positions) continue;
            if (other.format() == format) return other;
            if (first == null) first = other;
        }
        Found made = new Found(positions, format, context.bytesRead(), new ArrayList<>(), first);
        found.add(made);
        return made;
    }

    @Override
    public boolean isEmpty() {
        return found.isEmpty();
    }

    @Override
    public void report(BenchReport report) {
        LanguageModel lm = model.languageModel();
        long weights = lm.heads().full().bytes();
        for (int layer = 1; layer <= lm.layers(); layer++)
            weights += lm.transformer().layerBytes(layer);
        report.model(model.name(), model.file(), lm, Map.of("layers", lm.layers()))
                .value("weight_bytes", weights)
                .value("tokens", tokens)
                .line("weights", format("%d layers; %.1f MB read per token", lm.layers(), weights / 1e6))
                .line(
                        "runs",
                        format(
                                "%d tokens per turn; rounds: %d; positions are random, not prefilled",
                                tokens, report.rounds()));
        String first = "x " + found.getFirst().format();
        Table<Found> table = new Table<>(found.stream()
                        .sorted(Comparator.comparing(Found::positions))
                        .toList())
                .number("context", "context", 0, Found::positions)
                .words("kv", "kv", row -> row.format().toString())
                .number("kv_bytes", "kv MB", bytes -> format("%.1f", bytes / 1e6), Found::kvBytes)
                .spread("ms", "ms/token", Figures::number, row -> row.ms(FilledContext.Step::nanos))
                .number("ratio_to_first", first, 3, row -> row.ratio(FilledContext.Step::nanos))
                .spread("layers_ms", "layers ms", Figures::number, row -> row.ms(FilledContext.Step::layersNanos))
                .number("layers_ratio_to_first", first, 3, row -> row.ratio(FilledContext.Step::layersNanos));
        report.table("rows", table);
    }

    /** A cache filled with positions in one format, and the decode step that follows them. */
    private static final class FilledContext {
        private final Transformer transformer;
        private final ExitHead head;
        private final HeadKernel headKernel;
        private final FilledCache filled;

        /**
         * The times of a decode step, in nanoseconds.
         *
         * @param layersNanos time of all layers
         * @param nanos time including logits
         */
        record Step(long layersNanos, long nanos) {}

        FilledContext(LanguageModel model, KvFormat format) {
            transformer = model.transformer().withKvFormat(format);
            head = model.heads().full();
            headKernel = transformer.newHeadKernel();
            filled = new FilledCache(transformer);
        }

        /** Fills or truncates the cache to the given number of positions. Stops early if the thread is interrupted. */
        void resize(int positions) {
            filled.resize(positions);
        }

        /** Decodes a token after the filled positions, and then removes it from the cache. */
        Step step() {
            int length = filled.length();
            long start = System.nanoTime();
            Position position = new Position(filled.cache(), length, transformer.state(filled.embedded(length)));
            transformer.forward(List.of(position), transformer.config().layers());
            long layers = System.nanoTime();
            head.logits(headKernel, List.of(position.state()));
            long end = System.nanoTime();
            filled.cut(length);
            return new Step(layers - start, end - start);
        }

        /** Returns the number of bytes of keys and values that a step reads. */
        long bytesRead() {
            return (filled.length() + 1) * transformer.kvBytesPerPosition();
        }
    }
}
