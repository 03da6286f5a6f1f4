package sparrow.server.audio;

import java.util.function.Supplier;
import sparrow.speech.wave.Waveform;

/**
 * A recording as it was sent. Its length is known, and no sample is made yet: few bytes may become many.
 *
 * @param format of the bytes
 * @param samples that it will have, one or more
 * @param rateHz of its samples
 * @param decoder makes them
 */
public record EncodedAudio(ChatFormat format, byte[] bytes, int samples, int rateHz, Supplier<Waveform> decoder) {
    /** Its length in seconds. */
    public double seconds() {
        return (double) samples / rateHz;
    }

    /**
     * Makes the samples.
     *
     * @throws IllegalArgumentException if the bytes are damaged
     */
    public Waveform decode() {
        return decoder.get();
    }
}
