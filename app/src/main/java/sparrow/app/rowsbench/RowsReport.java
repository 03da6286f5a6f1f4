package sparrow.app.rowsbench;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.RowCosts;
import sparrow.engine.transformer.TransformerConfig;

/**
 * What was found.
 *
 * @param origin where the model came from and how it was called
 * @param machine where
 * @param threads that computed
 * @param arithmetic of the kernels
 * @param layers L
 * @param promptTokens before the rows
 * @param rounds of all passes
 * @param passes by their rows, ascending
 * @param rho of the line r(n) = 1 + rho (n - 1) that lies nearest
 * @param readings what one reading of the layers allows
 * @param rowCosts the table itself, with what the heads cost
 */
public record RowsReport(
        Origin origin,
        Machine machine,
        int threads,
        String arithmetic,
        int layers,
        int promptTokens,
        int rounds,
        List<Pass> passes,
        double rho,
        Readings readings,
        RowCosts rowCosts) {
    /**
     * Where the measured model came from.
     *
     * @param command as it was called
     * @param model what it calls itself
     * @param file where it lies
     */
    public record Origin(String command, String model, String file) {}

    /**
     * Passes of so many rows through all layers.
     *
     * @param rows of one sequence
     * @param ms one value a round
     * @param ratio r(n): median by that of one row, at least that of fewer rows
     */
    public record Pass(int rows, Quartiles ms, double ratio) {}

    /**
     * Arithmetic beside memory.
     *
     * @param weightsPerS weights that pass in a pass of one row
     * @param gbPerS the same in 10^9 bytes
     * @param multiplyAddsPerS of the same kernels and as many rows as the largest pass has, out of the cache, or in that pass
     *     where it was faster
     * @param rowsAllowed by arithmetic for one reading: the second by the first
     */
    public record Readings(double weightsPerS, double gbPerS, double multiplyAddsPerS, double rowsAllowed) {}

    /** Sums up. */
    public static RowsReport of(Origin origin, LanguageModel model, RowsSettings settings, RowsBenchmark.Found found) {
        RowCosts costs = found.meter().costs();
        SortedMap<Integer, Quartiles> ms = new TreeMap<>();
        found.meter()
                .passNanos()
                .forEach((rows, nanos) -> ms.put(
                        rows, Quartiles.of(nanos.stream().map(n -> n / 1e6).toList())));
        return new RowsReport(
                origin,
                Machine.here(),
                model.transformer().kernels().pool().threads(),
                model.transformer().kernels().arithmetic(),
                model.layers(),
                settings.promptTokens(),
                found.rounds(),
                ms.entrySet().stream()
                        .map(pass -> new Pass(pass.getKey(), pass.getValue(), costs.ratio(pass.getKey())))
                        .toList(),
                costs.rho(),
                readings(model, ms, found.multiplyAddsPerSecond()),
                costs);
    }

    private static Readings readings(LanguageModel model, SortedMap<Integer, Quartiles> ms, double cached) {
        TransformerConfig c = model.transformer().config();
        long attention = 2L * c.width() * c.queryWidth() + 2L * c.width() * c.kvWidth();
        long weights = c.layers() * (attention + 3L * c.width() * c.ffnWidth());
        long bytes = 0;
        for (int layer = 1; layer <= c.layers(); layer++)
            bytes += model.transformer().layerBytes(layer);
        double secondsOfOneRow = ms.get(1).median() / 1e3;
        double perSecond = weights / secondsOfOneRow;
        int most = ms.lastKey();
        double multiplyAdds = Math.max(cached, most * weights / (ms.get(most).median() / 1e3));
        return new Readings(perSecond, bytes / secondsOfOneRow / 1e9, multiplyAdds, multiplyAdds / perSecond);
    }
}
