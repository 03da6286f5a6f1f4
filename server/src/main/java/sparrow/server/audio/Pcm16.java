package sparrow.server.audio;

/**
 * Conversion between samples and 16-bit little-endian integers. One step is 1/32768 of full scale. Decoding bytes and
 * encoding the samples restores the bytes. Encoded bytes are identical to the data of a 16-bit WAV file.
 */
public final class Pcm16 {
    /** Number of bytes per sample. */
    public static final int BYTES = 2;

    private Pcm16() {}

    /**
     * Encodes samples, each rounded to the nearest step. Halves are rounded up, values beyond full scale are clipped,
     * and NaN becomes silence.
     */
    public static byte[] encode(float[] samples) {
        byte[] bytes = new byte[Math.multiplyExact(samples.length, BYTES)];
        for (int i = 0; i < samples.length; i++) {
            int step = step(samples[i]);
            bytes[2 * i] = (byte) step;
            bytes[2 * i + 1] = (byte) (step >> 8);
        }
        return bytes;
    }

    /** Returns a sample as a number of steps. */
    static short step(float sample) {
        return (short) Math.clamp(Math.round(sample * 32768.0), Short.MIN_VALUE, Short.MAX_VALUE); // rounds NaN to 0
    }

    /**
     * Decodes bytes to samples from -1 (inclusive) to 1 (exclusive).
     *
     * @throws IllegalArgumentException if the bytes end within a sample
     */
    public static float[] decode(byte[] bytes) {
        requireWhole(bytes.length);
        float[] samples = new float[bytes.length / BYTES];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (bytes[2 * i] & 0xff | bytes[2 * i + 1] << 8) * 0x1p-15f;
        }
        return samples;
    }

    /**
     * Checks that a number of bytes is a multiple of the sample size.
     *
     * @throws IllegalArgumentException if the number is not a multiple of the sample size
     */
    static void requireWhole(int bytes) {
        if (bytes % BYTES == 0) return;
        throw new IllegalArgumentException("pcm16: expected whole samples of 2 bytes, found " + bytes + " bytes");
    }
}
