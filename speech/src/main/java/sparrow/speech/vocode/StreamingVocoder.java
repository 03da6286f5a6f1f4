package sparrow.speech.vocode;

import java.util.Arrays;

/**
 * Mel frames that arrive chunk by chunk, to samples (the vocoder's half of the official Token2wav.stream). The last
 * frames of a chunk are vocoded again in front of the next one, with the excitation that they had; their samples are
 * held back, and the second version is faded into the first.
 *
 * <p>For any cuts, all chunks together have as many samples as the whole; one chunk alone is the whole. As in the
 * official code, the weights of the fade add up to about 1.08, and the sines of the excitation start anew in every
 * chunk.
 */
final class StreamingVocoder {
    /** Frames that are vocoded again: 0.16 s. */
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
     * Takes the next frames.
     *
     * @param mel [frames, melBins]; at least {@link #OVERLAP_FRAMES} in a first chunk that is not the last
     * @param last true if no more frames follow
     * @return the samples that are final now, within [-1, 1]
     */
    float[] accept(float[] mel, boolean last) {
        float[] frames = Pieces.joined(lastFrames, mel);
        float[] excitation = vocoder.excitation(frames, noise);
        System.arraycopy(lastExcitation, 0, excitation, 0, lastExcitation.length);
        return accept(frames, excitation, last);
    }

    /** The same from the network's input: the frames with those vocoded again in front, and their excitation. */
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
