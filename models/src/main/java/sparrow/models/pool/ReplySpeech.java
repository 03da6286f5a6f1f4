package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import sparrow.speech.vocode.CodeBlocks;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.SpeechStream;
import sparrow.speech.vocode.Synthesizer;

/**
 * The audio of one reply. Codes are collected into blocks on the model's thread. The blocks are converted to samples
 * one after the other, by any free vocoder thread.
 */
final class ReplySpeech {
    /** Share of the unplayed audio's duration that generating the next block may take. */
    private static final double SLACK = 0.8;

    private final PooledRequest request;
    private final Synthesizer synthesizer;
    private final CodeBlocks blocks;
    private final boolean lowLatency;
    private final double codesPerSecond;
    private final VocoderPool vocoders;
    private final long noiseSeed;

    /** Guarded by the vocoder pool's lock. */
    private final Deque<Block> queue = new ArrayDeque<>();

    private boolean running;

    /** This field and the next field are used only by the running vocoder thread. */
    private Block making;

    private SpeechStream stream;
    private volatile long samples;

    // The following fields are used only by the model's thread.
    private boolean any;
    private long firstCode;
    private int codes;

    /** Codes that are converted to audio together. No more codes follow the last block. */
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

    /** Accepts the next code. Called on the model's thread. */
    void accept(int code, long now) {
        if (codes++ == 0) firstCode = now;
        blocks.add(code).ifPresentOrElse(block -> vocode(block, false), () -> {
            if (lowLatency && cannotWait(now)) vocode(blocks.rest(), false);
        });
    }

    /**
     * Accepts the codes of a frame that ends a piece of speech, and synthesises the waiting codes. Called on the model's
     * thread.
     *
     * @param end the frame's codes, or empty if the unit is not such a frame
     */
    void endPiece(int[] end) {
        boolean silent = !any && blocks.waiting() == 0;
        if (end.length == 0 || silent) return;
        for (int code : end) blocks.add(code).ifPresent(block -> vocode(block, false));
        if (blocks.waiting() > 0) vocode(blocks.rest(), false);
    }

    /**
     * Returns whether playback would be interrupted before the current block is full and converted. The result can be
     * true only when the current block contains a multiple of the first block's size. The first block has the minimum
     * size, so no block can be earlier than that.
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

    /** Ends the codes after dropping up to {@code vain} of the last waiting codes. Called on the model's thread. */
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

    /**
     * Returns whether a block is waiting and no block is being converted. This method and the next four methods are
     * called under the vocoder pool's lock.
     */
    boolean isReady() {
        return !running && !queue.isEmpty();
    }

    /** Returns whether the listener is ready for more audio, or the reply is over. */
    boolean isWanted() {
        return request.isOver() || request.isReady();
    }

    int waiting() {
        return queue.size();
    }

    /** Starts the first waiting block. */
    void begin() {
        running = true;
        making = queue.poll();
    }

    /** Called when the current block has been converted. */
    void done() {
        running = false;
        if (request.isOver()) queue.clear();
    }

    /** Wakes the model's thread. */
    void wake() {
        request.wake();
    }

    long deadline() {
        return request.deadline();
    }

    /** Returns the number of samples that the listener has received. */
    long samples() {
        return samples;
    }

    /** Returns the duration in nanoseconds of the audio that the listener has received. */
    long nanos() {
        return (long) (samples * 1e9 / synthesizer.sampleRateHz());
    }

    /** Converts the block that was started. */
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
            // For example, there is not enough memory for this block. Other replies are not affected.
            request.fail(new IllegalStateException("the speech of a reply could not be generated: " + e, e));
        }
    }
}
