package sparrow.bench.context;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.bench.decode.BenchReport;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.transformer.Transformer;

/**
 * What was found.
 *
 * @param command as it was called
 * @param machine where
 * @param threads that computed
 * @param arithmetic of the kernels, the format of keys and values aside
 * @param model what it calls itself
 * @param file where it lies
 * @param layers L
 * @param weightBytes of weights that a step reads
 * @param tokens steps of a turn
 * @param rounds turns of every format at every length
 * @param rows one for each length and format
 */
public record ContextReport(
        String command,
        Machine machine,
        int threads,
        String arithmetic,
        String model,
        String file,
        int layers,
        @JsonProperty("weight_bytes") long weightBytes,
        int tokens,
        int rounds,
        List<Row> rows) {
    /** Sums up. */
    public static ContextReport of(
            BenchReport.Origin origin, LanguageModel model, ContextSettings settings, List<Row> rows) {
        Transformer transformer = model.transformer();
        long weights = model.heads().full().bytes();
        for (int layer = 1; layer <= model.layers(); layer++) weights += transformer.layerBytes(layer);
        return new ContextReport(
                origin.command(),
                Machine.here(),
                transformer.kernels().pool().threads(),
                transformer.kernels().keeping(KvFormat.F32).arithmetic(),
                origin.name(),
                origin.file(),
                model.layers(),
                weights,
                settings.tokens(),
                settings.rounds(),
                rows);
    }

    /**
     * One format behind so many positions.
     *
     * @param context positions
     * @param kv how their keys and values are kept
     * @param kvBytes of keys and values that a step reads
     * @param ms of a step, logits included
     * @param layersMs of a step's layers alone
     * @param ratioToFirst speed by that of the first format at this length: medians of {@code ms}
     * @param layersRatioToFirst the same of {@code layersMs}
     */
    public record Row(
            int context,
            String kv,
            @JsonProperty("kv_bytes") long kvBytes,
            Quartiles ms,
            @JsonProperty("layers_ms") Quartiles layersMs,
            @JsonProperty("ratio_to_first") double ratioToFirst,
            @JsonProperty("layers_ratio_to_first") double layersRatioToFirst) {
        static Row of(
                int context,
                KvFormat format,
                long kvBytes,
                List<FilledContext.Step> steps,
                List<FilledContext.Step> first) {
            Quartiles ms = ms(steps);
            Quartiles layersMs = layersMs(steps);
            return new Row(
                    context,
                    format.toString(),
                    kvBytes,
                    ms,
                    layersMs,
                    ms(first).median() / ms.median(),
                    layersMs(first).median() / layersMs.median());
        }

        private static Quartiles ms(List<FilledContext.Step> steps) {
            return Quartiles.of(steps.stream().map(step -> step.nanos() / 1e6).toList());
        }

        private static Quartiles layersMs(List<FilledContext.Step> steps) {
            return Quartiles.of(
                    steps.stream().map(step -> step.layersNanos() / 1e6).toList());
        }
    }
}
