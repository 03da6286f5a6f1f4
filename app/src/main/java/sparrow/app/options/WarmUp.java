package sparrow.app.options;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;
import sparrow.app.console.Waiting;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.transformer.Transformer;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;

/**
 * Warms up the JIT compiler. Until the kernels are compiled, the JIT determines the speed of a small model. A large
 * model needs no warm-up, because the JIT compiles while the weights are read.
 */
public final class WarmUp {
    /** Bytes read per token above which a model is limited by memory rather than by the JIT. */
    private static final long SMALL_BYTES = 256L << 20;

    /**
     * Maximum number of processors for which compute threads are assumed to compete with the compiler threads. Measured
     * on two processors.
     */
    private static final int FEW_PROCESSORS = 2;

    /** JIT load below which little remains to be compiled, as a fraction of an answer's time. */
    private static final double QUIET_JIT = 0.2;

    /** Maximum warm-up time of a server. */
    private static final Duration THOROUGH = Duration.ofSeconds(10);

    private static final int RATE_HZ = 16_000;

    private WarmUp() {}

    /**
     * Answers a synthetic question with a small model, so that the kernels are compiled before the user's first
     * question.
     */
    public static void question(SpokenModel model, ComputePool pool, ExitPlan plan) {
        if (!isSmall(model)) return;
        try (Waiting waiting = Waiting.begin("starting")) {
            waiting.now("compiling the kernels");
            compiling(pool, () -> answer(model, plan));
        }
    }

    /**
     * Answers synthetic questions with a small model until little remains to be compiled, so that a server's first
     * client does not wait longer than later clients.
     */
    public static void untilCompiled(SpokenModel model, ComputePool pool, ExitPlan plan) {
        question(model, pool, plan);
        if (!isSmall(model)) return;
        JitWatch.repeatUntil(QUIET_JIT, THOROUGH, () -> answer(model, plan));
    }

    private static Answer answer(SpokenModel model, ExitPlan plan) {
        return new Conversation(model, plan, Sampling.GREEDY, Limits.newTokens(60)).ask(tone(), ReplyListener.NONE);
    }

    /** Computes a first answer. With a small model, one processor is reserved for the compiler threads. */
    public static Answer first(SpokenModel model, ComputePool pool, Supplier<Answer> answer) {
        return isSmall(model) ? compiling(pool, answer::get) : answer.get();
    }

    /**
     * Runs work that depends on the JIT. With few processors, only one thread computes, because a second thread would
     * run interpreted code and slow down the compiler threads.
     */
    static <T, E extends Exception> T compiling(ComputePool pool, ComputePool.Work<T, E> work) throws E {
        return Runtime.getRuntime().availableProcessors() <= FEW_PROCESSORS ? pool.alone(work) : work.run();
    }

    /**
     * Returns the time since the JVM started. The time since the process started would include a build by the launcher.
     */
    public static Duration sinceStart() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return Duration.ofMillis(System.currentTimeMillis() - started);
    }

    private static boolean isSmall(SpokenModel model) {
        Transformer transformer = model.languageModel().transformer();
        return transformer.config().layers() * transformer.layerBytes(1) <= SMALL_BYTES;
    }

    /** Returns two seconds of a tone with varying frequency, because silence would be rejected. */
    private static Question tone() {
        float[] samples = new float[2 * RATE_HZ];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) (0.3 * Math.sin(i * (0.05 + i * 2e-6)));
        return new Question.Spoken(new Waveform(samples, RATE_HZ));
    }
}
