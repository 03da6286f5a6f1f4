package sparrow.bench.voice;

import java.util.List;
import java.util.Locale;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.Figures;

/**
 * The results of a stage. 1 GFLOP is 10^9 floating-point operations in matrix products, two per multiply-add. 1 GB is
 * 10^9 bytes in the factors and results of these products. Norms, activations and similar operations contribute only to
 * the time.
 *
 * @param exit exit plan of decoding, or null for other stages or if there is only one plan
 * @param seconds time of the stage
 * @param perSeconds length of the question or of the speech
 * @param work matrix products in the last round
 * @param linearShare fraction of the time spent in linear layers and convolutions; the rest is spent in attention,
 *     norms, activations and copies
 */
record StageResult(Stage stage, String exit, Quartiles seconds, double perSeconds, Work work, double linearShare) {
    /** Maximum number of listed products. */
    static final int LISTED = 10;

    /**
     * The total of all products of one size.
     *
     * @param kind linear, activations or cache
     * @param rows number of rows in the result
     * @param columns number of columns in the result
     * @param depth number of terms per sum, or 0 for attention over a cache
     * @param count number of products
     * @param seconds total time, summed over threads for activations and cache
     * @param gflops rate during the products; the rate of one thread for activations and cache
     */
    record Products(String kind, int rows, int columns, int depth, long count, double seconds, double gflops) {
        private static Products of(StageMeter.Size size) {
            return new Products(
                    size.kind().name().toLowerCase(Locale.ROOT),
                    size.rows(),
                    size.columns(),
                    size.depth(),
                    size.count(),
                    size.nanos() / 1e9,
                    (double) size.operations() / size.nanos());
        }
    }

    static Table<StageResult> table(List<StageResult> stages, MachineRates rates) {
        return new Table<>(stages)
                .words("name", "stage", StageResult::name)
                .data("stage", row -> row.stage().word())
                .data("exit", StageResult::exit)
                .median("seconds", "s", Figures::number, StageResult::seconds)
                .number("seconds_per_second", "s per s", Figures::number, StageResult::secondsPerSecond)
                .words("per", "of", row -> row.stage().per())
                .number("gflop", "GFLOP", Figures::number, row -> row.work().operations() / 1e9)
                .number("gflops", "GFLOP/s", Figures::number, StageResult::gflops)
                .number("of_gflops", "", Figures::percent, row -> row.gflops() / rates.gflops())
                .number("gb_per_s", "GB/s", Figures::number, StageResult::gbPerS)
                .number("of_gb_per_s", "", Figures::percent, row -> row.gbPerS() / rates.gbPerS())
                .number("linear_share", "linear", Figures::percent, StageResult::linearShare)
                .data("products", row -> row.longest(LISTED));
    }

    String name() {
        return exit == null ? stage.word() : stage.word() + ", " + exit;
    }

    /** Returns seconds per second of question or speech, or null for a stage that runs once per utterance. */
    Double secondsPerSecond() {
        return stage == Stage.VOICE ? null : seconds.median() / perSeconds;
    }

    double gflops() {
        return work.operations() / seconds.median() / 1e9;
    }

    double gbPerS() {
        return work.bytes() / seconds.median() / 1e9;
    }

    List<Products> longest(int count) {
        return work.longest(count).stream().map(Products::of).toList();
    }
}
