package sparrow.server.audio;

import java.util.function.Supplier;
import sparrow.speech.wave.Waveform;

/**
 * An encoded recording. Its length is known, but no sample has been decoded, because a few bytes may contain many
 * samples.
 *
 * @param format the format of the bytes
 * @param samples the number of samples, 1 or more
 * @param rateHz the sample rate
 * @param decoder a supplier that decodes the samples
 */
public record EncodedAudio(ChatFormat format, byte[] bytes, int samples, int rateHz, Supplier<Waveform> decoder) {
    /** Returns the duration in seconds. */
    public double seconds() {
        return (double) samples / rateHz;
    }

    /**
     * Decodes the samples.
     *
     * @throws IllegalArgumentException if the bytes are damaged
     */
    public Waveform decode() {
        return decoder.get();
    }
}
