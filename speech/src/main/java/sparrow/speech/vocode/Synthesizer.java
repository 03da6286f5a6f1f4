package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Speech codes to a waveform. It owns the memory of its weights; the checkpoints may be closed once it is loaded.
 * Several utterances may be synthesized at the same time.
 *
 * <p>Speech is one code after the other, or frames of one code from each of several codebooks. The codes of a frame
 * stand together, that of the first codebook in front, and codes come as whole frames.
 */
public abstract sealed class Synthesizer implements AutoCloseable permits FlowSynthesizer, Detokenizer {
    private final Arena arena;

    /** The stages of a synthesis, in their order. */
    public enum Stage {
        /** The flow encodes the voice of the utterance; once, and not in every family. */
        VOICE,
        /** Codes become mel frames; not in every family. */
        FLOW,
        /** Mel frames, or frames of codes, become samples. */
        VOCODER
    }

    /**
     * A synthesizer without its networks.
     *
     * @param arena memory of all weights; closed with the synthesizer
     */
    Synthesizer(Arena arena) {
        this.arena = arena;
    }

    /** Samples a second of the speech. */
    public abstract int sampleRateHz();

    /** Codes of a frame; 1 where speech is one code after the other. */
    public abstract int codebooks();

    /** Size of a codebook: codes are 0 to this, exclusive. */
    public abstract int vocabulary();

    /** Samples for so many codes. */
    public abstract int samples(int codes);

    /**
     * The same weights under other settings of the flow; closing either frees them.
     *
     * @throws IllegalArgumentException if there is no flow, and the settings are not those that are published
     */
    public abstract Synthesizer with(FlowSettings settings);

    /**
     * A whole utterance.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return mono samples, full scale is -1 to 1, as many as {@link #samples} says
     * @throws IllegalArgumentException if a code is out of range, or a frame is not whole
     */
    public abstract float[] synthesize(int[] codes, Noise noise);

    /**
     * An utterance as a conversation plays it: made while its codes arrive, in the rhythm of {@link #blocks}.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return as many samples as {@link #synthesize}; where there is a flow, a little different around the joints of
     *     the blocks
     * @throws IllegalArgumentException if a code is out of range, or a frame is not whole
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

    /** An utterance whose codes arrive block by block. */
    public SpeechStream stream(Noise noise) {
        return stream(noise, stage -> {});
    }

    /**
     * An utterance whose codes arrive block by block, with its stages for measurements of time.
     *
     * @param entered receives every stage as it begins, on the thread that gives the codes
     */
    public abstract SpeechStream stream(Noise noise, Consumer<Stage> entered);

    /** The rhythm in which codes are best given to a {@link #stream}. */
    public abstract CodeBlocks blocks();

    Arena arena() {
        return arena;
    }

    /** Frees the weights; no synthesis may be running. */
    @Override
    public void close() {
        arena.close();
    }
}
