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
 * The first seconds of a process, which belong to the JIT: until the JIT has compiled the kernels, a small model waits for it
 * and not for arithmetic. A large model gives the JIT time enough while it reads its weights.
 */
public final class WarmUp {
    /** Models that read more bytes per token than this wait for memory, not for the JIT. */
    private static final long SMALL_BYTES = 256L << 20;

    /** On so many processors, computing threads take the processors that the compilers need. Measured on two. */
    private static final int FEW_PROCESSORS = 2;

    /** Little is left to compile if the JIT works for less than this share of an answer's time. */
    private static final double QUIET_JIT = 0.2;

    /** The longest that a server warms up. */
    private static final Duration THOROUGH = Duration.ofSeconds(10);

    private static final int RATE_HZ = 16_000;

    private WarmUp() {}

    /** Lets a small model answer a throwaway question before the first of a user; the kernels are compiled on the way. */
    public static void question(SpokenModel model, ComputePool pool, ExitPlan plan) {
        if (!isSmall(model)) return;
        try (Waiting waiting = Waiting.begin("starting")) {
            waiting.now("compiling the kernels");
            compiling(pool, () -> answer(model, plan));
        }
    }

    /**
     * The same for a server, which has time before it is ready: a small model answers until little is left to compile, so that
     * the first client waits no longer than the others.
     */
    public static void thoroughly(SpokenModel model, ComputePool pool, ExitPlan plan) {
        question(model, pool, plan);
        if (!isSmall(model)) return;
        long end = System.nanoTime() + THOROUGH.toNanos();
        JitWatch jit;
        do {
            jit = new JitWatch();
            answer(model, plan);
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }

    private static Answer answer(SpokenModel model, ExitPlan plan) {
        return new Conversation(model, plan, Sampling.GREEDY, Limits.newTokens(60)).ask(tone(), ReplyListener.NONE);
    }

    /** A first answer: a small model leaves the other processor to the compilers. */
    public static Answer first(SpokenModel model, ComputePool pool, Supplier<Answer> answer) {
        return isSmall(model) ? compiling(pool, answer::get) : answer.get();
    }

    /**
     * Does work that waits for the JIT. If processors are few, one thread computes: a second one would only run code that is
     * not compiled yet, and slow the compilers down.
     */
    static <T, E extends Exception> T compiling(ComputePool pool, ComputePool.Work<T, E> work) throws E {
        return Runtime.getRuntime().availableProcessors() <= FEW_PROCESSORS ? pool.alone(work) : work.run();
    }

    /** Time since the start of the JVM; not of the process: the launcher may have built for a minute in it. */
    public static Duration sinceStart() {
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
