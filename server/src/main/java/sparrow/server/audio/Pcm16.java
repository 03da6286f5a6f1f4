package sparrow.server.audio;

/**
 * Samples as 16-bit little-endian integers, one channel. A sample of 1 is 32768 steps. Decoding and encoding again
 * restores the bytes, and the encoded bytes are those of a 16-bit WAV file.
 */
public final class Pcm16 {
    /** Bytes per sample. */
    public static final int BYTES = 2;

    private Pcm16() {}

    /**
     * Rounds each sample to the nearest step. Halves are rounded up, values beyond full scale are clipped, and NaN
     * becomes silence.
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

    /** Returns one sample as a step. */
    static short step(float sample) {
        return (short) Math.clamp(Math.round(sample * 32768.0), Short.MIN_VALUE, Short.MAX_VALUE); // rounds NaN to 0
    }

    /**
     * Returns each step as a sample from -1 up to, but not including, 1.
     *
     * @throws IllegalArgumentException if the bytes are not whole samples
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
     * Checks that the bytes are whole samples.
     *
     * @throws IllegalArgumentException if half a sample is left over
     */
    static void requireWhole(int bytes) {
        if (bytes % BYTES == 0) return;
        throw new IllegalArgumentException("pcm16: expected whole samples of 2 bytes, found " + bytes + " bytes");
    }
}
