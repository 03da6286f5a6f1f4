package sparrow.speech.vocode;

import java.util.Arrays;

/**
 * Converts mel frames that arrive in chunks to samples (the vocoder of the official Token2wav.stream). The last frames
 * of a chunk are vocoded again before the next chunk, with the same excitation. The samples of these frames are held
 * back and cross-faded with the second version.
 *
 * <p>For any chunk boundaries, all chunks together have as many samples as the utterance vocoded at once; a single
 * chunk produces exactly these samples. As in the official code, the weights of a fade add up to about 1.08, and every
 * chunk starts new excitation sines.
 */
final class StreamingVocoder {
    /** Number of frames that are vocoded again (0.16 s). */
    static final int OVERLAP_FRAMES = 8;

    private final Vocoder vocoder;
    private final Noise noise;
    private final int overlap;
    private final float[] window;
    private float[] lastFrames = {};
    private float[] lastExcitation = {};
    private float[] heldBack = {};

    StreamingVocoder(Vocoder vocoder, Noise noise) {
        this.vocoder = vocoder;
        this.noise = noise;
        this.overlap = OVERLAP_FRAMES * vocoder.samplesPerFrame();
        this.window = Pieces.hamming(2 * overlap);
    }

    /**
     * Accepts the next frames.
     *
     * @param mel mel frames, [frames, melBins]; at least {@link #OVERLAP_FRAMES} frames in the first chunk unless it is
     *     also the last chunk
     * @param last whether this is the last chunk
     * @return samples that have become final, in [-1, 1]
     */
    float[] accept(float[] mel, boolean last) {
        float[] frames = Pieces.joined(lastFrames, mel);
        float[] excitation = vocoder.excitation(frames, noise);
        System.arraycopy(lastExcitation, 0, excitation, 0, lastExcitation.length);
        return accept(frames, excitation, last);
    }

    /** Accepts the next frames, preceded by the frames that are vocoded again, and their excitation. */
    float[] accept(float[] frames, float[] excitation, boolean last) {
        float[] speech = vocoder.speech(frames, excitation);
        for (int s = 0; s < heldBack.length; s++) {
            float faded = speech[s] * window[s] + heldBack[s] * window[overlap + s];
            speech[s] = Math.clamp(faded, -1f, 1f);
        }
        if (last) return speech;
        lastFrames = Pieces.tail(frames, OVERLAP_FRAMES * vocoder.melBins());
        lastExcitation = Pieces.tail(excitation, overlap);
        heldBack = Pieces.tail(speech, overlap);
        return Arrays.copyOf(speech, speech.length - overlap);
    }
}
