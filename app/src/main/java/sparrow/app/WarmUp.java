package sparrow.app;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.sample.Sampling;
import sparrow.engine.transformer.Transformer;
import sparrow.models.AnswerListener;
import sparrow.models.Conversation;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.speech.wave.Waveform;

/**
 * Lets a small model answer a throwaway question before the first real one. The JIT compiles the kernels on the way,
 * which takes seconds, many times longer than such an answer itself; a large model gives it time enough while it reads.
 */
final class WarmUp {
    /** Models that read more bytes per token than this are not asked anything for nothing. */
    private static final long SMALL_BYTES = 256L << 20;

    private static final int RATE_HZ = 16_000;

    private WarmUp() {}

    /**
     * Warms up and tells how long the JVM took to get ready, from its start.
     *
     * @param visible whether a terminal may show that something is being done
     */
    static Duration ready(SpokenModel model, ExitPlan plan, boolean visible) {
        if (isSmall(model)) {
            try (Waiting waiting = visible ? Waiting.begin("starting") : Waiting.silent()) {
                waiting.now("compiling the kernels");
                new Conversation(model, plan, Sampling.GREEDY, Limits.newTokens(60)).ask(tone(), AnswerListener.NONE);
            }
        }
        // Not the start of the process: the launcher may have built for a minute in it.
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return Duration.ofMillis(System.currentTimeMillis() - started);
    }

    private static boolean isSmall(SpokenModel model) {
        Transformer transformer = model.languageModel().transformer();
        return transformer.config().layers() * transformer.layerBytes(1) <= SMALL_BYTES;
    }

    /** Two seconds of a sweeping tone: nonsense, but not silence. */
    private static Question tone() {
        float[] samples = new float[2 * RATE_HZ];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) (0.3 * Math.sin(i * (0.05 + i * 2e-6)));
        return new Question.Spoken(new Waveform(samples, RATE_HZ));
    }
}
