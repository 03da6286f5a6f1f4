package sparrow.speech.vocode;

import java.lang.foreign.Arena;

/**
 * Speech codes to a waveform by way of mel frames: a flow decoder, which a model family has of its own, and a HiFT
 * vocoder.
 */
public abstract sealed class FlowSynthesizer extends Synthesizer permits GlmVocoder, Token2Wav {
    private final Vocoder vocoder;

    /**
     * A synthesizer without its flow.
     *
     * @param arena memory of all weights; closed with the synthesizer
     */
    FlowSynthesizer(Arena arena, Vocoder vocoder) {
        super(arena);
        this.vocoder = vocoder;
    }

    @Override
    public int sampleRateHz() {
        return vocoder.sampleRateHz();
    }

    @Override
    public int codebooks() {
        return 1;
    }

    /** Mel frames for so many codes. */
    public abstract int frames(int codes);

    @Override
    public int samples(int codes) {
        return Math.multiplyExact(frames(codes), vocoder.samplesPerFrame());
    }

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

    Vocoder vocoder() {
        return vocoder;
    }
}
