package sparrow.speech.vocode;

import java.lang.foreign.Arena;

/**
 * Converts speech codes to mel frames with a model family's flow decoder, and mel frames to a waveform with a HiFT
 * vocoder.
 */
public abstract sealed class FlowSynthesizer extends Synthesizer permits GlmVocoder, Token2Wav {
    private final Vocoder vocoder;

    /**
     * Creates a synthesizer; the subclass contains the flow.
     *
     * @param arena memory for all weights; closed with the synthesizer
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

    /** Returns the number of mel frames for the given number of codes. */
    public abstract int frames(int codes);

    @Override
    public int samples(int codes) {
        return Math.multiplyExact(frames(codes), vocoder.samplesPerFrame());
    }

    /**
     * Returns the number of noise frames that {@link #mel} requires, which is the number of its mel frames plus the
     * number of a prompt's frames.
     */
    public int noiseFrames(int codes) {
        return frames(codes);
    }

    /** Runs only the flow, which converts codes to mel frames (natural logarithms of amplitudes, [frames, melBins]). */
    public abstract float[] mel(int[] codes, Noise noise);

    /** Runs only the vocoder, which converts mel frames [frames, melBins] to samples. */
    public float[] vocode(float[] mel, Noise noise) {
        return vocoder.speech(mel, noise);
    }

    /**
     * Runs only the vocoder, with a given excitation instead of the predicted excitation.
     *
     * @param excitation excitation with as many samples as the mel frames represent
     */
    public float[] vocode(float[] mel, float[] excitation) {
        return vocoder.speech(mel, excitation);
    }

    Vocoder vocoder() {
        return vocoder;
    }
}
