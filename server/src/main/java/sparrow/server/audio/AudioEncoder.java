package sparrow.server.audio;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import sparrow.speech.wave.StreamingResampler;

/**
 * Makes the bytes of one reply from its samples, while they come. Cuts between calls do not show in what the bytes sound like. Not
 * thread-safe.
 */
public final class AudioEncoder {
    private final StreamingResampler resampler;
    private final Function<float[], byte[]> code;
    private final Supplier<byte[]> end;

    /**
     * @param fromHz the rate of the samples that come
     * @param toHz the rate of the samples that are coded
     * @param code the bytes that samples complete
     * @param end the bytes that are left behind the last sample
     * @throws IllegalArgumentException if one is no sample rate
     */
    AudioEncoder(int fromHz, int toHz, Function<float[], byte[]> code, Supplier<byte[]> end) {
        this.resampler = new StreamingResampler(fromHz, toHz);
        this.code = code;
        this.end = end;
    }

    /**
     * The bytes that these samples complete; maybe none.
     *
     * @throws IllegalStateException after the end
     */
    public byte[] accept(float[] samples) {
        return code.apply(resampler.accept(samples, false));
    }

    /**
     * Ends the reply: the bytes that are left; maybe none.
     *
     * @throws IllegalStateException after the end
     */
    public byte[] finish() {
        byte[] rest = code.apply(resampler.accept(new float[0], true));
        byte[] last = end.get();
        byte[] both = Arrays.copyOf(rest, rest.length + last.length);
        System.arraycopy(last, 0, both, rest.length, last.length);
        return both;
    }
}
