package sparrow.bench.voice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.speech.vocode.CodeBlocks;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.SpeechStream;
import sparrow.speech.wave.Waveform;

/**
 * An answer whose stages run one after another, each with all threads, so that the cost of each stage can be measured:
 * encode, prefill and decode, and then flow and vocoder for each block.
 *
 * @param nanos time of each stage that ran
 * @param work products of each stage that ran
 * @param toFirstAudio time of each stage before the first sample was available
 * @param total total nanoseconds, including the time between stages
 * @param promptTokens number of prefilled tokens
 * @param tokens number of tokens in the reply
 * @param speechSeconds length of the synthesised speech
 */
record VoicePass(
        Map<Stage, Long> nanos,
        Map<Stage, Work> work,
        Map<Stage, Long> toFirstAudio,
        long total,
        int promptTokens,
        int tokens,
        double speechSeconds) {

    /** Returns the time between stages, in nanoseconds. */
    long other() {
        return total - nanos.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Computes an answer stage by stage.
     *
     * @param plan exit plan of the reply
     * @param noiseSeed seed of the speech; with a new seed, the flow encodes its voice again
     * @return the answer, or empty if the thread was interrupted
     */
    static Optional<VoicePass> run(
            SpokenModel model, StageMeter meter, Waveform question, ForcedReply reply, ExitPlan plan, long noiseSeed) {
        return new Run(model, meter, reply).run(question, plan, noiseSeed);
    }

    /** Runs only prefill and decode, for another exit plan. */
    static Optional<VoicePass> decodeOnly(
            SpokenModel model, StageMeter meter, Prompt prompt, ForcedReply reply, ExitPlan plan) {
        Run run = new Run(model, meter, reply);
        return run.decode(prompt, plan) ? Optional.of(run.pass(prompt, 0)) : Optional.empty();
    }

    private static final class Run {
        private final SpokenModel model;
        private final ForcedReply reply;
        private final StageMeter meter;
        private final Stopwatch watch;
        private final List<Long> tokenNanos = new ArrayList<>();
        private Map<Stage, Long> toFirstAudio = Map.of();

        Run(SpokenModel model, StageMeter meter, ForcedReply reply) {
            this.model = model;
            this.reply = reply;
            this.meter = meter;
            this.watch = new Stopwatch(meter);
        }

        Optional<VoicePass> run(Waveform question, ExitPlan plan, long noiseSeed) {
            watch.enter(Stage.ENCODE);
            Prompt prompt = model.prompt(new Question.Spoken(question), TurnPosition.FIRST);
            watch.stop();
            if (Thread.currentThread().isInterrupted() || !decode(prompt, plan)) return Optional.empty();
            int samples = speak(noiseSeed);
            if (samples < 0) return Optional.empty();
            return Optional.of(
                    pass(prompt, (double) samples / model.synthesizer().sampleRateHz()));
        }

        VoicePass pass(Prompt prompt, double seconds) {
            return new VoicePass(
                    watch.nanos(),
                    meter.work(),
                    toFirstAudio,
                    watch.total(),
                    prompt.tokens().length,
                    reply.units().size(),
                    seconds);
        }

        /**
         * Decodes a reply to the entire prompt, including the system turn, as for the first question of a process.
         * Returns false if the thread was interrupted.
         */
        boolean decode(Prompt prompt, ExitPlan plan) {
            LanguageModel lm = model.languageModel();
            Limits limits = Limits.newTokens(reply.units().size());
            Decoder decoder = StrategyFactory.decoder(lm, new GenerationConfig(plan, Sampling.GREEDY, limits));
            Request request = Request.of(new Sequence(lm), prompt.tokens(), prompt.embeddings(), 0);
            watch.enter(Stage.PREFILL);
            Reply decided = decoder.reply(request.withForced(reply.units()).withListener(step -> {
                if (tokenNanos.isEmpty()) watch.enter(Stage.DECODE);
                tokenNanos.add(step.nanos());
            }));
            watch.stop();
            return decided.stop() != StopReason.INTERRUPTED;
        }

        /**
         * Synthesises the speech of the reply, and returns the number of samples, or -1 if the thread was interrupted.
         */
        private int speak(long noiseSeed) {
            UnitFormat units = model.languageModel().units();
            Map<Stage, Long> before = watch.nanos();
            int samples = 0;
            int given = 0;
            CodeBlocks blocks = model.synthesizer().blocks();
            SpeechStream stream =
                    model.synthesizer().stream(Noise.seeded(noiseSeed), stage -> watch.enter(Stage.of(stage)));
            int[] codes = units.synthesized(reply.units());
            for (int code : codes) {
                given++;
                Optional<int[]> block = blocks.add(code);
                if (block.isEmpty()) continue;
                samples += accept(stream, block.get(), false);
                if (toFirstAudio.isEmpty() && samples > 0) toFirstAudio = firstAudio(before, given);
                if (Thread.currentThread().isInterrupted()) return -1;
            }
            samples += accept(stream, blocks.rest(), true);
            if (toFirstAudio.isEmpty()) toFirstAudio = firstAudio(before, given);
            return samples;
        }

        private int accept(SpeechStream stream, int[] block, boolean last) {
            int samples = stream.accept(block, last).length;
            watch.stop();
            return samples;
        }

        /** Returns the time of each stage so far, but counts only the decoding of the first {@code codes} codes. */
        private Map<Stage, Long> firstAudio(Map<Stage, Long> before, int codes) {
            Map<Stage, Long> spent = watch.nanos();
            long decode = 0;
            int spoken = 0;
            for (int i = 0; i < tokenNanos.size() && spoken < codes; i++) {
                if (i > 0) decode += tokenNanos.get(i); // The first token belongs to the prefill.
                spoken += model.languageModel().units().codes(reply.units().get(i)).length;
            }
            spent.put(Stage.ENCODE, before.getOrDefault(Stage.ENCODE, 0L));
            spent.put(Stage.DECODE, Math.min(decode, spent.get(Stage.DECODE)));
            return spent;
        }
    }
}
