package sparrow.server.audio;

import java.util.function.Function;
import sparrow.speech.wave.StreamingResampler;

/**
 * Makes samples at {@link #RATE_HZ} from bytes while they come. A turn that is decoded from its first byte to {@link #finish} gives
 * what {@link sparrow.speech.wave.Waveform#at} gives for its whole, to the bit. Not thread-safe.
 */
public final class AudioDecoder {
    /** The rate at which models and voice activity detection hear, Hz. */
    public static final int RATE_HZ = 16_000;

    private final Function<byte[], float[]> code;
    private final StreamingResampler resampler;

    AudioDecoder(Function<byte[], float[]> code, int fromHz) {
        this.code = code;
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
     * The samples that are left at the end of the sound.
     *
     * @throws IllegalStateException after the end
     */
    public float[] finish() {
        return resampler.accept(new float[0], true);
    }
}
