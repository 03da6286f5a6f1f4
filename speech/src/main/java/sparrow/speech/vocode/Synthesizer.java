package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Speech codes to a waveform: a flow decoder, which a model family has of its own, and a HiFT vocoder. It owns the memory
 * of its weights; the checkpoints may be closed once it is loaded. Several utterances may be synthesized at the same time.
 */
public abstract sealed class Synthesizer implements AutoCloseable permits GlmVocoder, Token2Wav {
    private final Arena arena;
    private final Vocoder vocoder;

    /** The stages of a synthesis, in their order. */
    public enum Stage {
        /** The flow encodes the voice of the utterance; once, and not in every family. */
        VOICE,
        /** Codes become mel frames. */
        FLOW,
        /** Mel frames become samples. */
        VOCODER
    }

    /**
     * A synthesizer without its flow.
     *
     * @param arena memory of all weights; closed with the synthesizer
     */
    Synthesizer(Arena arena, Vocoder vocoder) {
        this.arena = arena;
        this.vocoder = vocoder;
    }

    /** Samples a second of the speech. */
    public int sampleRateHz() {
        return vocoder.sampleRateHz();
    }

    /** Size of the codebook: codes are 0 to this, exclusive. */
    public abstract int vocabulary();

    /** Mel frames for so many codes. */
    public abstract int frames(int codes);

    /** Samples for so many codes. */
    public int samples(int codes) {
        return Math.multiplyExact(frames(codes), vocoder.samplesPerFrame());
    }

    /** The same weights under other settings of the flow; closing either frees them. */
    public abstract Synthesizer with(FlowSettings settings);

    /**
     * A whole utterance.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return mono samples within [-1, 1], as many as {@link #samples} says
     * @throws IllegalArgumentException if a code is out of range
     */
    public abstract float[] synthesize(int[] codes, Noise noise);

    /**
     * An utterance as a conversation plays it: made while its codes arrive, in the rhythm of {@link #blocks}.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return as many samples as {@link #synthesize}, a little different around the joints of the blocks
     * @throws IllegalArgumentException if a code is out of range
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

    /** Frames of noise that {@link #mel} starts from: as many as it makes, and those of a prompt in front. */
    public int noiseFrames(int codes) {
        return frames(codes);
    }

    /** The first half alone: codes to mel frames, natural logarithm of amplitude, [frames, melBins]. */
    public abstract float[] mel(int[] codes, Noise noise);

    /** The second half alone: mel [frames, melBins] to samples. */
    public float[] vocode(float[] mel, Noise noise) {
        return vocoder.speech(mel, noise);
    }

    /**
     * The second half with a given excitation instead of the predicted one.
     *
     * @param excitation as many samples as the mel frames become
     */
    public float[] vocode(float[] mel, float[] excitation) {
        return vocoder.speech(mel, excitation);
    }

    Arena arena() {
        return arena;
    }

    Vocoder vocoder() {
        return vocoder;
    }

    /** Frees the weights; no synthesis may be running. */
    @Override
    public void close() {
        arena.close();
    }
}
