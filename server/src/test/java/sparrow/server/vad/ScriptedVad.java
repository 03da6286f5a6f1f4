package sparrow.server.vad;

import java.util.Arrays;
import sparrow.server.audio.Pcm16;

/** Finds in the first sample of each frame how probable speech is. */
final class ScriptedVad implements Vad {
    @Override
    public float probability(float[] samples, int offset) {
        return samples[offset];
    }

    @Override
    public void reset() {}

    /** A sound of frames with these probabilities, its other samples telling where they are from. */
    static float[] sound(double... probabilities) {
        float[] sound = new float[probabilities.length * FRAME_SAMPLES];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = i % FRAME_SAMPLES == 0 ? (float) probabilities[i / FRAME_SAMPLES] : -(i % 9973) / 1e4f;
        }
        return sound;
    }

    /** The same sound as it is kept, in 16 bits. */
    static float[] kept(float[] sound) {
        return Pcm16.decode(Pcm16.encode(sound));
    }

    /** So many frames of one probability. */
    static double[] frames(int count, double probability) {
        double[] frames = new double[count];
        Arrays.fill(frames, probability);
        return frames;
    }
}
