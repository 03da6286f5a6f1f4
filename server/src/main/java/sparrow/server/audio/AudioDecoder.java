package sparrow.server.audio;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import sparrow.speech.wave.StreamingResampler;

/**
 * Decodes bytes into samples at {@link #RATE_HZ} as they arrive. A turn that is decoded from its first byte to
 * {@link #finish} has exactly the samples that {@link sparrow.speech.wave.Waveform#at} returns for the whole turn. Not
 * thread-safe.
 */
public final class AudioDecoder {
    /** Sample rate of the input of models and of voice activity detection, Hz. */
    public static final int RATE_HZ = 16_000;

    /** Bytes that are decoded at once: a few seconds of sound. */
    private static final int PIECE = 1 << 18;

    private final Function<byte[], float[]> code;
    private final int sampleBytes;
    private final StreamingResampler resampler;

    AudioDecoder(Function<byte[], float[]> code, int sampleBytes, int fromHz) {
        this.code = code;
        this.sampleBytes = sampleBytes;
        resampler = new StreamingResampler(fromHz, RATE_HZ);
    }

    /**
     * Returns the samples that these bytes complete, up to about a millisecond before the newest byte. The caller must
     * bound the bytes of a call, because the samples take up to eight times as much memory.
     *
     * @throws IllegalArgumentException if the bytes are not whole samples; the decoder is unchanged
     * @throws IllegalStateException after the end
     */
    public float[] accept(byte[] bytes) {
        return resampler.accept(code.apply(bytes), false);
    }

    /**
     * Decodes minutes of sound a few seconds at a time, because all samples at once would take many times the memory of
     * the bytes.
     *
     * @param samples receives the samples that each piece completes
     * @throws IllegalArgumentException if the bytes are not whole samples; the decoder is unchanged
     */
    public void accept(byte[] bytes, Consumer<float[]> samples) {
        requireWhole(bytes.length);
        for (int from = 0; from < bytes.length; from += PIECE) {
            samples.accept(accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE))));
        }
    }

    /**
     * Checks that a number of bytes is a whole number of samples.
     *
     * @throws IllegalArgumentException if it is not
     */
    public void requireWhole(int bytes) {
        if (sampleBytes == Pcm16.BYTES) Pcm16.requireWhole(bytes);
    }

    /**
     * Returns the remaining samples at the end of the sound.
     *
     * @throws IllegalStateException after the end
     */
    public float[] finish() {
        return resampler.accept(new float[0], true);
    }
}
