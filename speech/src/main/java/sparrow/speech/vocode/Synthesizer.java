package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Converts speech codes to a waveform. A synthesizer owns the memory of its weights; the checkpoints may be closed
 * after loading. Several utterances may be synthesized at the same time.
 *
 * <p>Speech is a sequence of codes, or of frames with one code of each of several codebooks. The codes of a frame are
 * consecutive, in the order of the codebooks, and codes are passed as whole frames.
 */
public abstract sealed class Synthesizer implements AutoCloseable permits FlowSynthesizer, Detokenizer {
    private final Arena arena;

    /** The stages of a synthesis in order. */
    public enum Stage {
        /** The flow encodes the voice of the utterance, once; only in some model families. */
        VOICE,
        /** The flow converts codes to mel frames; only in some model families. */
        FLOW,
        /** Mel frames, or frames of codes, are converted to samples. */
        VOCODER
    }

    /**
     * Creates a synthesizer; the subclass contains the networks.
     *
     * @param arena memory of all weights; closed with the synthesizer
     */
    Synthesizer(Arena arena) {
        this.arena = arena;
    }

    /** Sample rate of the speech. */
    public abstract int sampleRateHz();

    /** Number of codes per frame; 1 if speech is a sequence of codes. */
    public abstract int codebooks();

    /** Size of a codebook; codes are less than this number. */
    public abstract int vocabulary();

    /** Number of samples for the given number of codes. */
    public abstract int samples(int codes);

    /**
     * Returns a synthesizer with the same weights and other settings of the flow. Closing either one frees the weights.
     *
     * @throws IllegalArgumentException if there is no flow, and the settings are not {@link FlowSettings#PUBLISHED}
     */
    public abstract Synthesizer with(FlowSettings settings);

    /**
     * Synthesizes a whole utterance.
     *
     * @param codes speech codes, each less than {@link #vocabulary()}
     * @return {@link #samples}(codes) mono samples with full scale -1 to 1
     * @throws IllegalArgumentException if a code is out of range, or a frame is not complete
     */
    public abstract float[] synthesize(int[] codes, Noise noise);

    /**
     * Synthesizes an utterance as in a conversation: block by block, with the sizes of {@link #blocks}.
     *
     * @param codes speech codes, each less than {@link #vocabulary()}
     * @return as many samples as {@link #synthesize}; with a flow, slightly different around the joints between blocks
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

    /** Begins an utterance whose codes arrive block by block. */
    public SpeechStream stream(Noise noise) {
        return stream(noise, stage -> {});
    }

    /**
     * Begins an utterance whose codes arrive block by block, and reports its stages, for measurements of time.
     *
     * @param entered notified of every stage when it begins, on the thread that passes the codes
     */
    public abstract SpeechStream stream(Noise noise, Consumer<Stage> entered);

    /** Returns the recommended block sizes for a {@link #stream}. */
    public abstract CodeBlocks blocks();

    Arena arena() {
        return arena;
    }

    /** Frees the weights. No synthesis may be running. */
    @Override
    public void close() {
        arena.close();
    }
}
