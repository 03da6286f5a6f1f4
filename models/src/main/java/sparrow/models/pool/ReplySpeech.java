package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import sparrow.speech.vocode.CodeBlocks;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.SpeechStream;
import sparrow.speech.vocode.Synthesizer;

/**
 * The sound of one reply: codes are gathered into blocks on the thread of the model, and the blocks become samples one after
 * the other on whichever vocoder thread is free.
 */
final class ReplySpeech {
    /** Part of the sound not yet played that making the next block may take. */
    private static final double SLACK = 0.8;

    private final PooledRequest request;
    private final Synthesizer synthesizer;
    private final CodeBlocks blocks;
    private final boolean lowLatency;
    private final double codesPerSecond;
    private final VocoderPool vocoders;
    private final long noiseSeed;

    /** Guarded by the vocoders. */
    private final Deque<Block> queue = new ArrayDeque<>();

    private boolean running;

    /** Of the vocoder thread at work, as the next one. */
    private Block making;

    private SpeechStream stream;
    private volatile long samples;

    // Of the thread of the model.
    private boolean any;
    private long firstCode;
    private int codes;

    /**
     * Codes that become sound together.
     *
     * @param last true if no more follow
     */
    private record Block(int[] codes, boolean last) {}

    ReplySpeech(PooledRequest request, Synthesizer synthesizer, double codesPerSecond, VocoderPool vocoders) {
        this.request = request;
        this.synthesizer = synthesizer;
        this.blocks = synthesizer.blocks();
        this.lowLatency = request.options().speechMode() == SpeechMode.LOW_LATENCY;
        this.codesPerSecond = codesPerSecond;
        this.vocoders = vocoders;
        this.noiseSeed = request.options().config().sampling().seed();
    }

    /** Takes the next code. On the thread of the model. */
    void accept(int code, long now) {
        if (codes++ == 0) firstCode = now;
        blocks.add(code).ifPresentOrElse(block -> vocode(block, false), () -> {
            if (lowLatency && cannotWait(now)) vocode(blocks.rest(), false);
        });
    }

    /**
     * True if playback would run dry before the block that is being filled is full and made. Asked where a shortest block has
     * come together; the first block is a shortest one, so that nothing is earlier than that.
     */
    private boolean cannotWait(long now) {
        if (samples == 0 || blocks.waiting() % blocks.firstSize() != 0) return false;
        double decoding = blocks.missing() * (double) (now - firstCode) / codes;
        double full = (blocks.waiting() + blocks.missing()) / codesPerSecond * 1e9;
        double making = full * vocoders.realTimeFactor();
        return decoding + making > SLACK * unplayed(now);
    }

    private long unplayed(long now) {
        return request.firstAudioAt() + nanos() - now;
    }

    /**
     * No more codes follow. On the thread of the model.
     *
     * @param vain latest codes that are left out as far as they wait
     */
    void finish(int vain) {
        blocks.drop(vain);
        int[] rest = blocks.rest();
        if (rest.length > 0 || any) vocode(rest, true);
        else request.complete();
    }

    private void vocode(int[] block, boolean last) {
        any = true;
        vocoders.submit(this, () -> queue.add(new Block(block, last)));
    }

    /** True if a block waits and none is being made. Under the lock of the vocoders, as the next four. */
    boolean isReady() {
        return !running && !queue.isEmpty();
    }

    /** True if its listener wants more, or if nothing is left to be made. */
    boolean isWanted() {
        return request.isOver() || request.isReady();
    }

    int waiting() {
        return queue.size();
    }

    /** Its first block is made next. */
    void begin() {
        running = true;
        making = queue.poll();
    }

    /** Its block is through. */
    void done() {
        running = false;
        if (request.isOver()) queue.clear();
    }

    /** Has the thread of the model look at it. */
    void wake() {
        request.wake();
    }

    long deadline() {
        return request.deadline();
    }

    /** Samples given so far. */
    long samples() {
        return samples;
    }

    /** The length of the sound given so far. */
    long nanos() {
        return (long) (samples * 1e9 / synthesizer.sampleRateHz());
    }

    /** Makes the block that was begun. */
    void run() {
        if (request.isOver()) return;
        Block block = making;
        try {
            long start = System.nanoTime();
            if (stream == null) stream = synthesizer.stream(Noise.seeded(noiseSeed));
            float[] speech = stream.accept(block.codes(), block.last());
            vocoders.observe(System.nanoTime() - start, speech.length, synthesizer.sampleRateHz());
            if (speech.length > 0) {
                request.speech(speech);
                samples += speech.length;
            }
            if (block.last()) request.complete();
        } catch (RuntimeException e) {
            request.fail(e);
        } catch (Error e) {
            // Such as no memory for this block: the others' sound goes on.
            request.fail(new IllegalStateException("the speech of a reply could not be made: " + e, e));
        }
    }
}
