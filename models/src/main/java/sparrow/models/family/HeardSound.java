package sparrow.models.family;

import sparrow.speech.wave.Waveform;

/** Refuses sound that cannot be a question, before a model encodes it. */
public final class HeardSound {
    /** Twice the largest 16-bit integer: some do not scale their samples, which is heard all the same. */
    private static final float LOUDEST = 1 << 16;

    private HeardSound() {}

    /**
     * The sound, if it may be speech.
     *
     * @throws IllegalArgumentException if samples are not finite or beyond all bounds, or if it is silent
     */
    public static Waveform checked(Waveform sound) {
        float peak = sound.peak();
        // NaN is the maximum of itself and anything.
        if (!(peak <= LOUDEST)) {
            throw new IllegalArgumentException(
                    "question: expected samples whose full scale is -1 to 1, found a peak of " + peak);
        }
        if (sound.isSilent()) {
            throw new IllegalArgumentException("question: expected speech, found silence (peak " + peak + ")");
        }
        return sound;
    }
}
