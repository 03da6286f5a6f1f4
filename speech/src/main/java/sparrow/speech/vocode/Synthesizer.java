package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Converts speech codes to a waveform. A synthesizer owns the memory of its weights; the checkpoints may be closed
 * after loading. Several utterances may be synthesized at the same time.
 *
 * <p>Speech is a sequence of codes, or of frames with one code from each of several codebooks. A frame's codes are
 * consecutive, in codebook order, and codes are passed as complete frames.
 */
public abstract sealed class Synthesizer implements AutoCloseable permits FlowSynthesizer, Detokenizer {
    private final Arena arena;

    /** Stages of a synthesis, in order. */
    public enum Stage {
        /** One-time encoding of the utterance's voice with the flow. Not all model families have this stage. */
        VOICE,
        /** Conversion of codes to mel frames with the flow. Not all model families have this stage. */
        FLOW,
        /** Conversion of mel frames or frames of codes to samples. */
        VOCODER
    }

    /**
     * Creates a synthesizer; the subclass contains the networks.
     *
     * @param arena memory for all weights; closed with the synthesizer
     */
    Synthesizer(Arena arena) {
        this.arena = arena;
    }

    /** Returns the sample rate of the speech. */
    public abstract int sampleRateHz();

    /** Returns the number of codes per frame, or 1 if speech is a plain sequence of codes. */
    public abstract int codebooks();

    /** Returns the codebook size. All codes are less than this number. */
    public abstract int vocabulary();

    /** Returns the number of samples for the given number of codes. */
    public abstract int samples(int codes);

    /**
     * Returns a synthesizer with the same weights and different flow settings. Closing either synthesizer frees the
     * weights.
     *
     * @throws IllegalArgumentException if there is no flow and the settings are not {@link FlowSettings#PUBLISHED}
     */
    public abstract Synthesizer with(FlowSettings settings);

    /**
     * Synthesizes a complete utterance.
     *
     * @param codes speech codes, each less than {@link #vocabulary()}
     * @return {@link #samples}(codes) mono samples with full scale -1 to 1
     * @throws IllegalArgumentException if a code is out of range, or a frame is not complete
     */
    public abstract float[] synthesize(int[] codes, Noise noise);

    /**
     * Synthesizes an utterance in blocks, as in a conversation, with the block sizes of {@link #blocks}.
     *
     * @param codes speech codes, each less than {@link #vocabulary()}
     * @return as many samples as {@link #synthesize} returns; with a flow, they are slightly different around the
     *     joints between blocks
     * @throws IllegalArgumentException if a code is out of range, or a frame is not complete
     */
    public float[] synthesizeInBlocks(int[] codes, Noise noise) {
        SpeechStream stream = stream(noise);
        CodeBlocks blocks = blocks();
        float[] speech = {};
        for (int code : codes) {
            Optional<int[]> block = blocks.add(code);
            if (block.isPresent()) speech = Pieces.joined(speech, stream.accept(block.get(), false));
        }
        return Pieces.joined(speech, stream.accept(blocks.rest(), true));
    }

    /** Starts an utterance whose codes arrive in blocks. */
    public SpeechStream stream(Noise noise) {
        return stream(noise, stage -> {});
    }

    /**
     * Starts an utterance whose codes arrive in blocks, and reports its stages for time measurements.
     *
     * @param entered listener that is notified when a stage begins, on the thread that passes the codes
     */
    public abstract SpeechStream stream(Noise noise, Consumer<Stage> entered);

    /** Returns the recommended block sizes for a {@link #stream}. */
    public abstract CodeBlocks blocks();

    Arena arena() {
        return arena;
    }

    /** Frees the memory of the weights. No synthesis must be running. */
    @Override
    public void close() {
        arena.close();
    }
}
