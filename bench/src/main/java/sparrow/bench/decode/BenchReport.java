package sparrow.bench.decode;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.bench.harness.PeakMemory;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Step;
import sparrow.engine.unit.SpeechLogits;

/**
 * What a benchmark found. Bytes are those of weights ({@link WeightTraffic}), GB are 10^9 of them.
 *
 * @param command the command line
 * @param machine where it ran
 * @param arithmetic of the kernels: {@link Kernels#arithmetic()}
 * @param device that computed the layers; {@code cpu} for this machine's threads
 * @param threads that computed
 * @param model what was measured
 * @param promptTokens prefilled before every run
 * @param decodedTokens decoded in every run
 * @param skippedKv what the layers above an early exit got of its position, in the notation of the command line
 * @param rounds of policies; the last one may lack some if it was interrupted
 * @param interrupted whether it was stopped before its end
 * @param prefillTokensPerS prompt tokens by the time to the choice of the token behind them
 * @param policies one result for each exit policy of speech positions and choice of speech logits; the first is what the
 *     others are compared with
 * @param steps one result for each kind of step
 * @param peakMemory of the process, while it measured
 */
public record BenchReport(
        String command,
        Machine machine,
        String arithmetic,
        String device,
        int threads,
        Subject model,
        int promptTokens,
        int decodedTokens,
        String skippedKv,
        int rounds,
        boolean interrupted,
        Quartiles prefillTokensPerS,
        List<Policy> policies,
        List<Kind> steps,
        PeakMemory peakMemory) {
    /**
     * The model.
     *
     * @param name what it calls itself
     * @param file where it lies
     * @param layers L
     * @param bytesPerToken read by a step at full depth
     * @param loadSeconds time to open it: mapping, and repacking where its weights are repacked
     * @param firstPrefillSeconds the first prefill of the process: pages come from the file, kernels are interpreted
     */
    public record Subject(
            String name, String file, int layers, long bytesPerToken, double loadSeconds, double firstPrefillSeconds) {}

    /**
     * One policy.
     *
     * @param policy in the notation of the command line
     * @param verification likewise
     * @param speechLogits likewise
     * @param averageDepth layers read for a decoded token: its exit layer where nothing is drafted
     * @param depthSaved 1 - average depth / L
     * @param decodeTokensPerS one value a run
     * @param ratioToNone speed by that of {@code none} with the first choice of speech logits, for pairs of
     *     neighbouring runs ({@link Alternation}); null for that one itself
     * @param ratioOfBytes the same by weight traffic alone: what a step would gain if reading weights were all of it
     * @param bytesPerToken average of the decoded tokens
     * @param gbPerS at the median speed
     */
    public record Policy(
            String policy,
            String verification,
            String speechLogits,
            double averageDepth,
            double depthSaved,
            Quartiles decodeTokensPerS,
            @JsonInclude(JsonInclude.Include.NON_NULL) Quartiles ratioToNone,
            double ratioOfBytes,
            double bytesPerToken,
            double gbPerS) {
        /** In words. */
        String name() {
            return Variant.name(policy, verification, speechLogits);
        }
    }

    /**
     * One kind of step, each with its logits and the choice of its token.
     *
     * @param exitLayer the layer after which the early steps of the run left; L where there were none
     * @param depth layer that decided
     * @param pendingRows earlier positions that it carried through the layers above {@code exitLayer}
     * @param ms one value a step
     * @param ratioToFull median by that of a full step of the same runs without pending positions; null where there was none
     * @param bytes read
     * @param gbPerS at the median time
     */
    public record Kind(
            int exitLayer,
            int depth,
            int pendingRows,
            Quartiles ms,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double ratioToFull,
            long bytes,
            double gbPerS) {
        /** In words. */
        String name(int layers) {
            return name(exitLayer, depth, pendingRows, layers);
        }

        /** In words. */
        public static String name(int exitLayer, int depth, int pendingRows, int layers) {
            if (depth < layers) return "early, layer " + depth;
            if (pendingRows == 0) return "full";
            return "full + " + pendingRows + " pending from " + exitLayer;
        }
    }

    /**
     * Where the measured model came from.
     *
     * @param command the command line
     * @param name what the model calls itself
     * @param file where it lies
     * @param loadSeconds time to open it
     */
    public record Origin(String command, String name, String file, double loadSeconds) {}

    /**
     * Sums up.
     *
     * @param measured not empty
     */
    public static BenchReport of(Origin origin, LanguageModel model, BenchSettings settings, Measurements measured) {
        Kernels kernels = model.transformer().kernels();
        WeightTraffic traffic = new WeightTraffic(model, settings.skippedKv());
        int layers = model.layers();
        return new BenchReport(
                origin.command(),
                Machine.here(),
                kernels.arithmetic(),
                model.transformer().stack().describe(),
                kernels.pool().threads(),
                new Subject(
                        origin.name(),
                        origin.file(),
                        layers,
                        traffic.bytes(layers, settings.speechLogits().getFirst()),
                        origin.loadSeconds(),
                        measured.firstPrefillNanos() / 1e9),
                settings.promptTokens(),
                settings.tokens(),
                settings.skippedKv().toString(),
                measured.runs().firstEntry().getValue().size(),
                measured.interrupted(),
                Quartiles.of(measured.prefillNanos().stream()
                        .map(nanos -> settings.promptTokens() * 1e9 / nanos)
                        .toList()),
                policies(traffic, measured),
                steps(traffic, settings.speechLogits().getFirst(), measured),
                PeakMemory.soFar());
    }

    private static List<Policy> policies(WeightTraffic traffic, Measurements measured) {
        int layers = traffic.layers();
        List<DecodeRun> none = measured.runs().firstEntry().getValue();
        double bytesOfNone =
                traffic.bytes(layers, measured.runs().firstEntry().getKey().speechLogits());
        List<Policy> results = new ArrayList<>();
        measured.runs().forEach((variant, runs) -> {
            List<Step> steps =
                    runs.stream().flatMap(run -> run.decoded().stream()).toList();
            ComputeStats.Share compute =
                    runs.stream().map(DecodeRun::compute).reduce(ComputeStats.Share.NONE, ComputeStats.Share::plus);
            double average = (double) compute.layersRead() / steps.size();
            double bytes = (double) traffic.bytes(compute, steps, variant) / steps.size();
            Quartiles speed = Quartiles.of(speeds(runs));
            results.add(new Policy(
                    variant.policy().toString(),
                    variant.plan().verification().toString(),
                    variant.speechLogits().toString(),
                    average,
                    1 - average / layers,
                    speed,
                    runs == none ? null : Quartiles.of(Alternation.ratios(speeds(none), speeds(runs))),
                    bytesOfNone / bytes,
                    bytes,
                    bytes * speed.median() / 1e9));
        });
        return results;
    }

    private static List<Double> speeds(List<DecodeRun> runs) {
        return runs.stream().map(DecodeRun::tokensPerSecond).toList();
    }

    private static List<Kind> steps(WeightTraffic traffic, SpeechLogits speechLogits, Measurements measured) {
        StepKind full = new StepKind(traffic.layers(), 0);
        List<Kind> results = new ArrayList<>();
        measured.steps().forEach((exitLayer, kinds) -> {
            Quartiles fullNanos = kinds.containsKey(full) ? Quartiles.of(kinds.get(full)) : null;
            kinds.forEach((kind, nanos) -> {
                Quartiles ms = Quartiles.of(nanos.stream().map(n -> n / 1e6).toList());
                long bytes = traffic.bytes(kind.exitLayer(), speechLogits);
                results.add(new Kind(
                        exitLayer,
                        kind.exitLayer(),
                        kind.pending(),
                        ms,
                        fullNanos == null ? null : ms.median() * 1e6 / fullNanos.median(),
                        bytes,
                        bytes / ms.median() / 1e6));
            });
        });
        return results;
    }
}
