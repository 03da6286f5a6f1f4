package sparrow.server.audio;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import sparrow.speech.wave.StreamingResampler;

/**
 * Encodes the samples of one reply as they arrive. Boundaries between calls are not audible in the result. Not
 * thread-safe.
 */
public final class AudioEncoder {
    private final StreamingResampler resampler;
    private final Function<float[], byte[]> code;
    private final Supplier<byte[]> end;

    /**
     * Creates an encoder.
     *
     * @param fromHz the sample rate of the input
     * @param toHz the sample rate of the encoded audio
     * @param code a function that returns the bytes that the given samples complete
     * @param end a supplier of the remaining bytes after the last sample
     * @throws IllegalArgumentException if a sample rate is invalid
     */
    AudioEncoder(int fromHz, int toHz, Function<float[], byte[]> code, Supplier<byte[]> end) {
        this.resampler = new StreamingResampler(fromHz, toHz);
        this.code = code;
        this.end = end;
    }

    /**
     * Encodes samples and returns the bytes that they complete. The array may be empty.
     *
     * @throws IllegalStateException if the encoder has finished
     */
    public byte[] accept(float[] samples) {
        return code.apply(resampler.accept(samples, false));
    }

    /**
     * Finishes the reply and returns the remaining bytes. The array may be empty.
     *
     * @throws IllegalStateException if the encoder has already finished
     */
    public byte[] finish() {
        byte[] rest = code.apply(resampler.accept(new float[0], true));
        byte[] last = end.get();
        byte[] both = Arrays.copyOf(rest, rest.length + last.length);
        System.arraycopy(last, 0, both, rest.length, last.length);
        return both;
    }
}
