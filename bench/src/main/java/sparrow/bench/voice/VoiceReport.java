package sparrow.bench.voice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.bench.harness.PeakMemory;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.kernel.Kernels;
import sparrow.models.SpokenModel;

/**
 * What a benchmark of a voice found. GFLOP are 10^9 floating-point operations of matrix products, two for each
 * multiply-add; GB are 10^9 bytes of their factors and results. Neither counts norms, activations and the like, whose
 * time is in the seconds.
 *
 * @param command the command line
 * @param machine where it ran
 * @param arithmetic of the kernels: {@link Kernels#arithmetic()}
 * @param device that computed the layers; {@code cpu} for this machine's threads
 * @param threads that computed
 * @param rates what the machine gives these kernels at best
 * @param model what was measured
 * @param speechSeconds of every answer
 * @param rounds of everything; the last one may lack some if it was interrupted
 * @param interrupted whether it was stopped before its end
 * @param questions one result for each length of question
 * @param peakMemory of the process
 */
public record VoiceReport(
        String command,
        Machine machine,
        String arithmetic,
        String device,
        int threads,
        MachineRates rates,
        Subject model,
        double speechSeconds,
        int rounds,
        boolean interrupted,
        List<OfQuestion> questions,
        PeakMemory peakMemory) {
    /** Products listed of a stage. */
    public static final int LISTED = 10;

    /** What a stage is by that every process runs once. */
    static final String ONCE = "once";

    /**
     * The model.
     *
     * @param name what it calls itself
     * @param family what it is
     * @param file where it lies
     * @param loadSeconds time to open its language model
     */
    public record Subject(String name, String family, String file, double loadSeconds) {}

    /**
     * A question of one length.
     *
     * @param seconds its length
     * @param promptTokens what it became, the system turn included
     * @param replyTokens of the answer
     * @param stages one by one, each with all threads
     * @param totalSeconds of all stages and what lies between them
     * @param otherSeconds what lies between them
     * @param firstTextSeconds encode and prefill
     * @param firstAudio what of each stage lies before the first sample, and together
     * @param answers whole answers, whose stages overlap, by policy
     */
    public record OfQuestion(
            double seconds,
            int promptTokens,
            int replyTokens,
            List<OfStage> stages,
            Quartiles totalSeconds,
            Quartiles otherSeconds,
            Quartiles firstTextSeconds,
            FirstAudio firstAudio,
            List<OfAnswer> answers) {}

    /**
     * A stage.
     *
     * @param stage its name
     * @param speechExit exit policy of speech positions, of decoding
     * @param seconds it took
     * @param per what a second of is meant: question, speech, or once
     * @param secondsPerSecond median, by the length of that
     * @param gflop of its products
     * @param gflops at the median
     * @param ofGflops share of what the machine gives
     * @param gbPerS at the median
     * @param ofGbPerS share of what the machine gives
     * @param linearShare share of the time that linear layers and convolutions take; the rest is attention, norms,
     *     activations and copies
     * @param products the sizes that took the longest
     */
    public record OfStage(
            String stage,
            @JsonInclude(JsonInclude.Include.NON_NULL) String speechExit,
            Quartiles seconds,
            String per,
            double secondsPerSecond,
            double gflop,
            double gflops,
            double ofGflops,
            double gbPerS,
            double ofGbPerS,
            double linearShare,
            List<OfProduct> products) {
        /** In words. */
        String name() {
            return speechExit == null ? stage : stage + ", " + speechExit;
        }
    }

    /**
     * Products of one size.
     *
     * @param kind linear, activations or cache
     * @param rows of the result
     * @param columns of the result
     * @param depth that is summed over; 0 for attention over a cache
     * @param count of them
     * @param seconds of all; of activations and cache the sum over threads
     * @param gflops while they ran; of activations and cache those of a thread
     */
    public record OfProduct(String kind, int rows, int columns, int depth, long count, double seconds, double gflops) {}

    /**
     * The way to the first sample, stage after stage.
     *
     * @param seconds median of each stage
     * @param total of all
     */
    public record FirstAudio(Map<String, Double> seconds, double total) {}

    /**
     * Whole answers.
     *
     * @param speechExit exit policy of speech positions
     * @param firstTextSeconds from the end of the question to the first token
     * @param firstAudioSeconds to the first sample
     * @param doneSeconds to the last sample
     * @param realTimeFactor seconds from the end of the question to the last sample, by seconds of speech
     * @param pausesSeconds for which a listener hears nothing once the answer has begun
     */
    public record OfAnswer(
            String speechExit,
            Quartiles firstTextSeconds,
            Quartiles firstAudioSeconds,
            Quartiles doneSeconds,
            Quartiles realTimeFactor,
            Quartiles pausesSeconds) {}

    /** Sums up what was found; not empty. */
    public static VoiceReport of(
            String command, SpokenModel model, double loadSeconds, VoiceSettings settings, VoiceBenchmark.Found found) {
        Kernels kernels = model.languageModel().transformer().kernels();
        List<OfQuestion> questions = new ArrayList<>();
        found.runs().forEach((seconds, runs) -> {
            if (!runs.passes.isEmpty()) questions.add(question(seconds, runs, found.rates()));
        });
        return new VoiceReport(
                command,
                Machine.here(),
                kernels.arithmetic(),
                model.languageModel().transformer().stack().describe(),
                kernels.pool().threads(),
                found.rates(),
                new Subject(model.name(), model.family(), model.folder().toString(), loadSeconds),
                settings.speech(),
                found.runs().values().iterator().next().passes.size(),
                found.interrupted(),
                questions,
                PeakMemory.soFar());
    }

    private static OfQuestion question(double seconds, VoiceBenchmark.QuestionRuns runs, MachineRates rates) {
        List<VoicePass> passes = runs.passes;
        VoicePass last = passes.getLast();
        List<OfStage> stages = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            if (!last.nanos().containsKey(stage)) continue;
            String policy = stage == Stage.DECODE && !runs.decodes.isEmpty() ? new ExitPolicy.None().toString() : null;
            stages.add(stage(stage, policy, passes, seconds, last.speechSeconds(), rates));
            if (stage != Stage.DECODE) continue;
            runs.decodes.forEach((other, decodes) ->
                    stages.add(stage(stage, other.toString(), decodes, seconds, last.speechSeconds(), rates)));
        }
        return new OfQuestion(
                seconds,
                last.promptTokens(),
                last.tokens(),
                stages,
                quartiles(passes, VoicePass::total),
                quartiles(passes, VoicePass::other),
                quartiles(
                        passes,
                        pass -> pass.nanos().get(Stage.ENCODE) + pass.nanos().get(Stage.PREFILL)),
                firstAudio(passes),
                answers(runs.answers));
    }

    private static OfStage stage(
            Stage stage, String policy, List<VoicePass> passes, double question, double speech, MachineRates rates) {
        Quartiles seconds = quartiles(passes, pass -> pass.nanos().get(stage));
        Work work = passes.getLast().work().get(stage);
        double of = switch (stage) {
            case ENCODE, PREFILL -> question;
            case DECODE, FLOW, VOCODER -> speech;
            case VOICE -> 1;
        };
        String per = switch (stage) {
            case ENCODE, PREFILL -> "question";
            case DECODE, FLOW, VOCODER -> "speech";
            case VOICE -> ONCE;
        };
        double gflops = work.operations() / seconds.median() / 1e9;
        double gbPerS = work.bytes() / seconds.median() / 1e9;
        return new OfStage(
                stage.name().toLowerCase(Locale.ROOT),
                policy,
                seconds,
                per,
                seconds.median() / of,
                work.operations() / 1e9,
                gflops,
                gflops / rates.gflops(),
                gbPerS,
                gbPerS / rates.gbPerS(),
                work.linearNanos() / (double) passes.getLast().nanos().get(stage),
                work.longest(LISTED).stream().map(VoiceReport::product).toList());
    }

    private static OfProduct product(StageMeter.Size size) {
        return new OfProduct(
                size.kind().name().toLowerCase(Locale.ROOT),
                size.rows(),
                size.columns(),
                size.depth(),
                size.count(),
                size.nanos() / 1e9,
                (double) size.operations() / size.nanos());
    }

    private static FirstAudio firstAudio(List<VoicePass> passes) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        double total = 0;
        for (Stage stage : Stage.values()) {
            if (!passes.getLast().toFirstAudio().containsKey(stage)) continue;
            double median =
                    quartiles(passes, pass -> pass.toFirstAudio().get(stage)).median();
            seconds.put(stage.name().toLowerCase(Locale.ROOT), median);
            total += median;
        }
        return new FirstAudio(seconds, total);
    }

    private static List<OfAnswer> answers(Map<DepthPolicy, List<WholeAnswer>> byPolicy) {
        List<OfAnswer> answers = new ArrayList<>();
        byPolicy.forEach((policy, runs) -> answers.add(new OfAnswer(
                policy.toString(),
                Quartiles.of(runs.stream().map(WholeAnswer::firstText).toList()),
                Quartiles.of(runs.stream().map(WholeAnswer::firstAudio).toList()),
                Quartiles.of(runs.stream().map(WholeAnswer::done).toList()),
                Quartiles.of(runs.stream().map(WholeAnswer::realTimeFactor).toList()),
                Quartiles.of(runs.stream().map(WholeAnswer::pauses).toList()))));
        return answers;
    }

    /** Nanoseconds of a pass. */
    private interface Nanos {
        long of(VoicePass pass);
    }

    private static Quartiles quartiles(List<VoicePass> passes, Nanos nanos) {
        return Quartiles.of(passes.stream().map(pass -> nanos.of(pass) / 1e9).toList());
    }
}
