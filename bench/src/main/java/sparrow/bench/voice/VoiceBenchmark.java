package sparrow.bench.voice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.app.JitWatch;
import sparrow.bench.harness.BenchProgress;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.speech.wave.Waveform;

/**
 * Measures how long a model takes from a spoken question to a spoken answer: its stages one by one, then whole answers.
 * Stops after the current token or block when its thread is interrupted; what was measured until then stays.
 */
public final class VoiceBenchmark {
    private static final int RATE_HZ = 16_000;

    /** The JIT is through when it works for less than this share of a warm-up pass. */
    private static final double QUIET_JIT = 0.03;

    /** Codes of a warm-up answer are those of so many seconds, and so long is its question. */
    private static final double WARM_UP_SECONDS = 1.2;

    /** More than the fixed parts of any prompt take. */
    private static final int FIXED_TOKENS = 128;

    private final SpokenModel model;
    private final StageMeter meter;
    private final VoiceSettings settings;
    private final BenchProgress progress;
    private final Map<Double, QuestionRuns> runs = new LinkedHashMap<>();
    private long noise;

    private VoiceBenchmark(SpokenModel model, StageMeter meter, VoiceSettings settings, BenchProgress progress) {
        this.model = model;
        this.meter = meter;
        this.settings = settings;
        this.progress = progress;
    }

    /** What was measured of one question. */
    static final class QuestionRuns {
        final List<VoicePass> passes = new ArrayList<>();
        final Map<DepthPolicy, List<VoicePass>> decodes = new LinkedHashMap<>();
        final Map<DepthPolicy, List<WholeAnswer>> answers = new LinkedHashMap<>();
    }

    /**
     * What a benchmark found.
     *
     * @param rates of the machine
     * @param runs by the length of the question in seconds
     * @param interrupted whether it was stopped before its end
     */
    public record Found(MachineRates rates, Map<Double, QuestionRuns> runs, boolean interrupted) {
        /** Whether there is nothing to report. */
        public boolean isEmpty() {
            return runs.values().stream().allMatch(run -> run.passes.isEmpty());
        }
    }

    /**
     * Measures.
     *
     * @param meter of the kernels with which the model was opened
     * @throws IllegalArgumentException in one line if the settings do not fit the model
     */
    public static Found run(SpokenModel model, StageMeter meter, VoiceSettings settings, BenchProgress progress) {
        settings.check(model.languageModel());
        VoiceBenchmark benchmark = new VoiceBenchmark(model, meter, settings, progress);
        benchmark.requireRoom();
        progress.begin("measuring the machine");
        MachineRates rates =
                MachineRates.measure(model.languageModel().transformer().kernels());
        benchmark.warmUp();
        boolean complete = benchmark.rounds();
        return new Found(rates, benchmark.runs, !complete);
    }

    /** Before minutes are spent: a reply that the context cuts off would be measured as a whole one. */
    private void requireRoom() {
        int context = model.languageModel().transformer().config().contextLength();
        int reply = reply(settings.speech()).tokens().length;
        for (double seconds : settings.questions()) {
            double heard = seconds * model.speechInput().positionsPerSecond();
            if (FIXED_TOKENS + heard + reply <= context) continue;
            throw new IllegalArgumentException(
                    "--questions " + seconds + " and --speech " + settings.speech() + ": expected to fit the " + context
                            + " positions of the context, got about " + (int) (FIXED_TOKENS + heard + reply));
        }
    }

    /** Runs that {@link BenchProgress#ended} will be told of. */
    public static int runs(VoiceSettings settings) {
        return settings.rounds()
                * settings.questions().size()
                * 2
                * settings.policies().size();
    }

    /** Loads what is loaded when it is first used, then runs short answers until the JIT has nothing left to do. */
    private void warmUp() {
        progress.begin("loading the audio parts");
        model.prompt(new Question.Spoken(question(0.5)), TurnPosition.FIRST);
        model.synthesizer();
        if (settings.warmUpSeconds() == 0) return;
        long end = System.nanoTime() + (long) (settings.warmUpSeconds() * 1e9);
        JitWatch jit;
        do {
            if (Thread.currentThread().isInterrupted()) return;
            jit = new JitWatch();
            progress.begin("warming up");
            pass(WARM_UP_SECONDS, reply(WARM_UP_SECONDS));
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }

    /** Whether all rounds ran to their end. */
    private boolean rounds() {
        ForcedReply reply = reply(settings.speech());
        for (int round = 1; round <= settings.rounds(); round++) {
            for (double seconds : settings.questions()) {
                if (!question(seconds, reply, "round " + round + " of " + settings.rounds() + ": ")) return false;
            }
        }
        return true;
    }

    private boolean question(double seconds, ForcedReply reply, String round) {
        QuestionRuns found = runs.computeIfAbsent(seconds, s -> new QuestionRuns());
        String asked = " of a question of " + seconds + " s";
        for (DepthPolicy policy : settings.policies()) {
            if (Thread.currentThread().isInterrupted()) return false;
            progress.begin(round + "stages" + asked + ", " + policy);
            Optional<VoicePass> pass;
            if (policy instanceof ExitPolicy.None) {
                pass = pass(seconds, reply);
                pass.ifPresent(found.passes::add);
            } else {
                Prompt prompt = model.prompt(new Question.Spoken(question(seconds)), TurnPosition.FIRST);
                pass = VoicePass.decodeOnly(
                        model, meter, prompt, reply, settings.plan(policy), settings.speechLogits());
                pass.ifPresent(done -> found.decodes
                        .computeIfAbsent(policy, p -> new ArrayList<>())
                        .add(done));
            }
            if (pass.isEmpty()) return false;
            progress.ended();
            progress.begin(round + "answer" + asked + ", " + policy);
            Optional<WholeAnswer> answer =
                    WholeAnswer.ask(model, question(seconds), reply, settings.plan(policy), settings.speechLogits());
            if (answer.isEmpty()) return false;
            found.answers.computeIfAbsent(policy, p -> new ArrayList<>()).add(answer.get());
            progress.ended();
        }
        return true;
    }

    private Optional<VoicePass> pass(double seconds, ForcedReply reply) {
        return VoicePass.run(
                model,
                meter,
                question(seconds),
                reply,
                settings.plan(new ExitPolicy.None()),
                settings.speechLogits(),
                ++noise);
    }

    private ForcedReply reply(double seconds) {
        return ForcedReply.of(model.languageModel(), (int) Math.ceil(seconds * model.codesPerSecond()));
    }

    /** A tone that sweeps like a voice, with pauses: nonsense, but not silence. */
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
