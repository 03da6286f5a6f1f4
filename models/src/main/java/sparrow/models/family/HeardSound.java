package sparrow.models.family;

import sparrow.speech.wave.Waveform;

/** Checks that a sound can be a question before a model encodes it. */
public final class HeardSound {
    /** Twice the largest 16-bit integer, because some callers pass unscaled samples, which encode just as well. */
    private static final float LOUDEST = 1 << 16;

    private HeardSound() {}

    /**
     * Returns the given sound if it can be speech.
     *
     * @throws IllegalArgumentException if a sample is not finite or far out of range, or the sound is silent
     */
    public static Waveform checked(Waveform sound) {
        float peak = sound.peak();
        // The peak is NaN if any sample is.
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
