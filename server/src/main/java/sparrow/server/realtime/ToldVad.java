package sparrow.server.realtime;

import sparrow.server.vad.Vad;

/**
 * A detector whose judgements are heard by another as well.
 *
 * @param vad that judges
 * @param listener hears the probability of each frame
 */
record ToldVad(Vad vad, Listener listener) implements Vad {
    /** Hears the probability of speech in a frame, 0 to 1. */
    interface Listener {
        void judged(float probability);
    }

    @Override
    public float probability(float[] samples, int offset) {
        float probability = vad.probability(samples, offset);
        listener.judged(probability);
        return probability;
    }

    @Override
    public void reset() {
        vad.reset();
    }
}
