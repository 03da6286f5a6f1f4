package sparrow.server.audio;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import sparrow.speech.wave.StreamingResampler;

/**
 * Makes samples at {@link #RATE_HZ} from bytes while they come. A turn that is decoded from its first byte to {@link #finish} gives
 * what {@link sparrow.speech.wave.Waveform#at} gives for its whole, to the bit. Not thread-safe.
 */
public final class AudioDecoder {
    /** The rate at which models and voice activity detection hear, Hz. */
    public static final int RATE_HZ = 16_000;

    /** Bytes that are decoded at once: a few seconds. */
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
     * The samples that these bytes complete, about a millisecond behind the newest byte. The caller bounds the bytes of a call: they
     * become up to eight times as many.
     *
     * @throws IllegalArgumentException if the bytes are no whole samples; the decoder stays as it was
     * @throws IllegalStateException after the end
     */
    public float[] accept(byte[] bytes) {
        return resampler.accept(code.apply(bytes), false);
    }

    /**
     * Decodes minutes of sound a few seconds at a time, because all samples at once would take many times the memory of the bytes.
     *
     * @param samples takes the samples that each piece completes
     * @throws IllegalArgumentException if the bytes are no whole samples; the decoder stays as it was
     */
    public void accept(byte[] bytes, Consumer<float[]> samples) {
        requireWhole(bytes.length);
        for (int from = 0; from < bytes.length; from += PIECE) {
            samples.accept(accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE))));
        }
    }

    /** @throws IllegalArgumentException if so many bytes are no whole samples */
    public void requireWhole(int bytes) {
        if (sampleBytes == Pcm16.BYTES) Pcm16.requireWhole(bytes);
    }

    /**
     * The samples that are left at the end of the sound.
     *
     * @throws IllegalStateException after the end
     */
    public float[] finish() {
        return resampler.accept(new float[0], true);
    }
}
