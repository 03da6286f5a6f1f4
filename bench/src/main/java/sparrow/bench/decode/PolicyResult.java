package sparrow.bench.decode;

import static sparrow.bench.harness.Figures.format;

import java.util.List;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.Figures;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Step;

/**
 * The results of a policy.
 *
 * @param plan exit plan; only its speech exits are used
 * @param averageDepth average number of layers read per decoded token, equal to the average exit layer if there are no
 *     drafts
 * @param depthSaved 1 - average depth / L
 * @param tokensPerSecond decoded tokens per second of each run
 * @param ratioToNone speed relative to {@code none} in pairs of neighbouring runs ({@link Alternation}), or null for
 *     {@code none}
 * @param ratioOfBytes expected speed relative to {@code none} if all time were spent reading weights
 * @param bytesPerToken average weight traffic per decoded token
 */
record PolicyResult(
        ExitPlan plan,
        double averageDepth,
        double depthSaved,
        Quartiles tokensPerSecond,
        Quartiles ratioToNone,
        double ratioOfBytes,
        double bytesPerToken) {
    static Table<PolicyResult> table(List<PolicyResult> policies) {
        return new Table<>(policies)
                .words("exit", "exit", PolicyResult::name)
                .number("average_depth", "depth", 2, PolicyResult::averageDepth)
                .number("depth_saved", "saved", n -> format("%.1f%%", 100 * n), PolicyResult::depthSaved)
                .spread("decode_tokens_per_s", "tokens/s", Figures::number, PolicyResult::tokensPerSecond)
                .column("ratio_to_none", "x none", Table.Kind.WORDS, PolicyResult::ratioToNone, PolicyResult::ratio)
                .number("ratio_of_bytes", "by bytes", 3, PolicyResult::ratioOfBytes)
                .data("bytes_per_token", PolicyResult::bytesPerToken)
                .number("gb_per_s", "GB/s", Figures::number, PolicyResult::gbPerS);
    }

    /**
     * Summarises the runs of a policy.
     *
     * @param none runs of the baseline in the same rounds
     */
    static PolicyResult of(List<DecodeRun> runs, List<DecodeRun> none, double bytesOfNone, WeightTraffic traffic) {
        List<Step> steps = runs.stream().flatMap(run -> run.decoded().stream()).toList();
        ComputeStats.Share compute =
                runs.stream().map(DecodeRun::compute).reduce(ComputeStats.Share.NONE, ComputeStats.Share::plus);
        double average = (double) compute.layersRead() / steps.size();
        double bytes = (double) traffic.bytes(compute, steps) / steps.size();
        return new PolicyResult(
                traffic.plan(),
                average,
                1 - average / traffic.layers(),
                Quartiles.of(speeds(runs)),
                runs == none ? null : Quartiles.of(Alternation.ratios(speeds(none), speeds(runs))),
                bytesOfNone / bytes,
                bytes);
    }

    private static List<Double> speeds(List<DecodeRun> runs) {
        return runs.stream().map(DecodeRun::tokensPerSecond).toList();
    }

    String name() {
        return plan.toString();
    }

    private String ratio() {
        return ratioToNone == null
                ? "1"
                : format("%.3f  (%.3f .. %.3f)", ratioToNone.median(), ratioToNone.lower(), ratioToNone.upper());
    }

    /** Returns the weight traffic at the median speed, in GB/s. */
    private double gbPerS() {
        return bytesPerToken * tokensPerSecond.median() / 1e9;
    }
}
