package sparrow.bench.voice;

import static sparrow.bench.harness.Figures.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.Benchmark;
import sparrow.bench.harness.ForcedReply;
import sparrow.bench.harness.PeakMemory;
import sparrow.bench.harness.Run;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.speech.wave.Waveform;

/**
 * Measures the time from a spoken question to a spoken answer, first for each stage and then for complete answers.
 * Stops after the current token or block if the thread is interrupted.
 */
final class VoiceBenchmark implements Benchmark {
    private static final int RATE_HZ = 16_000;

    /** Duration of the question and the answer of a warm-up, in seconds. */
    private static final double WARM_UP_SECONDS = 1.2;

    /**
     * Duration of audio, in seconds, after which every encoder that encodes unfinished questions has produced output.
     */
    private static final double MAX_BLOCK_SECONDS = 2;

    /** Maximum number of tokens in the fixed parts of a prompt. */
    private static final int FIXED_TOKENS = 128;

    private final SpokenModel model;
    private final double loadSeconds;
    private final StageMeter meter;
    private final VoiceSettings settings;
    private final int products;
    private final Map<Double, QuestionRuns> runs = new LinkedHashMap<>();
    private long noise;
    private int asked;

    /** The exit plan of an answer, and the time at which the work on its question begins. */
    record Asked(ExitPlan plan, WholeAnswer.Begin begin) {
        @Override
        public String toString() {
            return begin == WholeAnswer.Begin.EARLY ? plan + ", prefilled early" : plan.toString();
        }
    }

    /** The measurements of a question of one length. */
    static final class QuestionRuns {
        final List<VoicePass> passes = new ArrayList<>();
        final Map<ExitPlan, List<VoicePass>> decodes = new LinkedHashMap<>();
        final Map<Asked, List<WholeAnswer>> answers = new LinkedHashMap<>();
    }

    /**
     * Creates a benchmark of spoken answers.
     *
     * @param loadSeconds time to open the language model
     * @param meter meter of the kernels with which the model was opened
     * @param products number of product sizes to list per stage
     * @throws IllegalArgumentException if the settings do not fit the model
     */
    VoiceBenchmark(SpokenModel model, double loadSeconds, StageMeter meter, VoiceSettings settings, int products) {
        this.model = model;
        this.loadSeconds = loadSeconds;
        this.meter = meter;
        this.settings = settings;
        this.products = products;
        settings.check(model.languageModel());
        requireRoom();
        // Load parts that are loaded on first use.
        model.prompt(new Question.Spoken(question(0.5)), TurnPosition.FIRST);
        model.synthesizer();
    }

    /** Checks that replies fit in the context. Otherwise, a truncated reply would be reported as a complete reply. */
    private void requireRoom() {
        int context = model.languageModel().transformer().config().contextLength();
        int reply = reply(settings.speech()).units().size();
        for (double seconds : settings.questions()) {
            double heard = seconds * model.speechInput().positionsPerSecond();
            if (FIXED_TOKENS + heard + reply <= context) continue;
            throw new IllegalArgumentException(
                    "--questions " + seconds + " and --speech " + settings.speech() + ": expected to fit the " + context
                            + " positions of the context, got about " + (int) (FIXED_TOKENS + heard + reply));
        }
    }

    @Override
    public List<Run> warmUp() {
        return List.of(new Run(
                "a short answer",
                () -> pass(WARM_UP_SECONDS, reply(WARM_UP_SECONDS)).isPresent()));
    }

    @Override
    public List<List<Run>> phases() {
        ForcedReply reply = reply(settings.speech());
        List<Run> round = new ArrayList<>();
        for (double seconds : settings.questions()) {
            for (ExitPlan plan : settings.plans()) {
                String of = " of a question of " + seconds + " s, " + plan;
                round.add(new Run("stages" + of, () -> stages(seconds, plan, reply)));
                for (WholeAnswer.Begin begin : begins()) {
                    round.add(new Run("answer" + of, () -> answer(seconds, new Asked(plan, begin), reply)));
                }
            }
        }
        return List.of(round);
    }

    private boolean stages(double seconds, ExitPlan plan, ForcedReply reply) {
        Optional<VoicePass> pass;
        List<VoicePass> into;
        if (plan.equals(ExitPlan.NONE)) {
            pass = pass(seconds, reply);
            into = found(seconds).passes;
        } else {
            Prompt prompt = model.prompt(new Question.Spoken(question(seconds)), TurnPosition.FIRST);
            pass = VoicePass.decodeOnly(model, meter, prompt, reply, plan);
            into = found(seconds).decodes.computeIfAbsent(plan, p -> new ArrayList<>());
        }
        pass.ifPresent(into::add);
        return pass.isPresent();
    }

    /**
     * Returns the times at which the work on a question can begin. A model that only encodes complete questions cannot
     * begin early.
     */
    private List<WholeAnswer.Begin> begins() {
        return model.encodeStablePrefix(question(MAX_BLOCK_SECONDS)).isPresent()
                ? List.of(WholeAnswer.Begin.values())
                : List.of(WholeAnswer.Begin.AFTER);
    }

    private boolean answer(double seconds, Asked asked, ForcedReply reply) {
        Optional<WholeAnswer> answer = WholeAnswer.ask(model, newQuestion(seconds), asked.begin(), reply, asked.plan());
        answer.ifPresent(found(seconds).answers.computeIfAbsent(asked, a -> new ArrayList<>())::add);
        return answer.isPresent();
    }

    private QuestionRuns found(double seconds) {
        return runs.computeIfAbsent(seconds, s -> new QuestionRuns());
    }

    private Optional<VoicePass> pass(double seconds, ForcedReply reply) {
        return VoicePass.run(model, meter, newQuestion(seconds), reply, ExitPlan.NONE, ++noise);
    }

    private ForcedReply reply(double seconds) {
        return ForcedReply.of(model.languageModel(), (int) Math.ceil(seconds * model.speechUnitsPerSecond()));
    }

    @Override
    public boolean isEmpty() {
        return questions().isEmpty();
    }

    private List<QuestionResult> questions() {
        List<QuestionResult> results = new ArrayList<>();
        runs.forEach((seconds, found) -> {
            if (!found.passes.isEmpty()) results.add(new QuestionResult(seconds, found));
        });
        return results;
    }

    @Override
    public void report(BenchReport report) {
        LanguageModel lm = model.languageModel();
        List<QuestionResult> questions = questions();
        // Measuring the machine's rates requires additional memory, so the peak is read first.
        PeakMemory memory = PeakMemory.soFar();
        MachineRates rates = MachineRates.measure(lm.transformer().kernels());
        for (QuestionResult question : questions) {
            for (StageResult stage : question.stages()) rates = rates.orMore(stage.gflops(), stage.gbPerS());
        }
        report.model(model.name(), model.folder(), lm, Map.of("family", model.family(), "load_seconds", loadSeconds))
                .value("rates", rates)
                .value("speech_seconds", settings.speech())
                .value("peak_memory", memory)
                .line(
                        "gives",
                        format(
                                "%.0f GFLOP/s and %.1f GB/s in matrix products, the maximum of warm f32 kernels and of all"
                                        + " stages",
                                rates.gflops(), rates.gbPerS()))
                .line(
                        "runs",
                        format(
                                "answers of %.1f s, forced; rounds: %d; stages one after another, each"
                                        + " with all threads",
                                settings.speech(), report.rounds()))
                .line("memory", memory.toString());
        for (QuestionResult question : questions) question.report(report.part("questions"), rates, products);
    }

    @Override
    public List<CategoryChart> charts() {
        String below =
                "stage, " + model.languageModel().transformer().kernels().pool().threads() + " threads";
        return questions().stream()
                .map(question -> question.chart(model.name(), below))
                .toList();
    }

    /** Returns a question that was not asked before, because an encoder may remember questions. */
    private Waveform newQuestion(double seconds) {
        Waveform question = question(seconds);
        float volume = 1 - 1e-3f * (++asked % 500);
        for (int i = 0; i < question.samples().length; i++) question.samples()[i] *= volume;
        return question;
    }

    /** Returns a tone with pauses that varies like a voice, because silence would be rejected. */
    static Waveform question(double seconds) {
        float[] samples = new float[(int) (seconds * RATE_HZ)];
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            double t = (double) i / RATE_HZ;
            phase += 2 * Math.PI * (150 + 60 * Math.sin(2 * Math.PI * 0.7 * t)) / RATE_HZ;
            double loud = Math.max(0, Math.sin(2 * Math.PI * 1.3 * t));
            for (int harmonic = 1; harmonic <= 12; harmonic++) {
                samples[i] += (float) (0.2 * loud / harmonic * Math.sin(harmonic * phase));
            }
        }
        return new Waveform(samples, RATE_HZ);
    }
}
