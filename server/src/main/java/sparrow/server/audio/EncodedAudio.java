package sparrow.server.audio;

import java.util.function.Supplier;
import sparrow.speech.wave.Waveform;

/**
 * A recording as it was sent. Its length is known, but no sample has been decoded: a few bytes may become many samples.
 *
 * @param format of the bytes
 * @param samples number of samples, 1 or more
 * @param rateHz sample rate
 * @param decoder decodes the samples
 */
public record EncodedAudio(ChatFormat format, byte[] bytes, int samples, int rateHz, Supplier<Waveform> decoder) {
    /** Returns the length in seconds. */
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
