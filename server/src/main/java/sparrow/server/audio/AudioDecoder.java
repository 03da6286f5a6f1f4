package sparrow.server.audio;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import sparrow.speech.wave.StreamingResampler;

/**
 * Decodes bytes into samples at {@link #RATE_HZ} as they arrive. A turn that is decoded from its first byte to
 * {@link #finish} has exactly the samples that {@link sparrow.speech.wave.Waveform#at} returns for the complete turn.
 * Not thread-safe.
 */
public final class AudioDecoder {
    /** Input sample rate of models and of voice activity detection, in Hz. */
    public static final int RATE_HZ = 16_000;

    /** Number of bytes that are decoded at once, which is a few seconds of audio. */
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
     * Decodes bytes and returns the completed samples, which end about a millisecond before the newest byte. The caller
     * must limit the number of bytes per call, because the samples take up to eight times as much memory.
     *
     * @throws IllegalArgumentException if the bytes end within a sample; the decoder is then unchanged
     * @throws IllegalStateException if the decoder has finished
     */
    public float[] accept(byte[] bytes) {
        return resampler.accept(code.apply(bytes), false);
    }

    /**
     * Decodes long audio in pieces of a few seconds, because all samples at once would take many times the memory of
     * the bytes.
     *
     * @param samples a consumer of the completed samples of each piece
     * @throws IllegalArgumentException if the bytes end within a sample; the decoder is then unchanged
     */
    public void accept(byte[] bytes, Consumer<float[]> samples) {
        requireWhole(bytes.length);
        for (int from = 0; from < bytes.length; from += PIECE) {
            samples.accept(accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE))));
        }
    }

    /**
     * Checks that a number of bytes is a multiple of the sample size.
     *
     * @throws IllegalArgumentException if the number is not a multiple of the sample size
     */
    public void requireWhole(int bytes) {
        if (sampleBytes == Pcm16.BYTES) Pcm16.requireWhole(bytes);
    }

    /**
     * Finishes decoding and returns the remaining samples.
     *
     * @throws IllegalStateException if the decoder has already finished
     */
    public float[] finish() {
        return resampler.accept(new float[0], true);
    }
}
