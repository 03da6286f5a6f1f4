package sparrow.speech.wave;

/**
 * The two laws of ITU-T G.711, with one byte per sample. There are eight segments for each sign, each twice as coarse
 * as the previous segment. Values beyond the last segment are clipped. NaN is encoded as silence.
 */
public enum G711 {
    /** µ-law, used in North America and Japan: 14 bits; decoded magnitudes are at most 8031. */
    MU_LAW {
        /** Value added to magnitudes so that segments begin at powers of two. */
        private static final int BIAS = 33;

        private static final int LARGEST = 8158;

        @Override
        int code(float sample) {
            int biased = magnitude(sample, 13, LARGEST) + BIAS;
            int segment = 26 - Integer.numberOfLeadingZeros(biased); // 33 to 63 are in segment 0
            int code = segment << 4 | biased >> segment + 1 & 0xf;
            return (sample < 0 ? 0x80 : 0) ^ 0xff ^ code; // all bits inverted
        }

        @Override
        float sample(int code) {
            int bits = code ^ 0xff;
            int magnitude = ((2 * (bits & 0xf) + BIAS) << (bits >> 4 & 7)) - BIAS;
            return (code & 0x80) == 0 ? -magnitude * 0x1p-13f : magnitude * 0x1p-13f;
        }
    },

    /** A-law, used elsewhere: 13 bits; decoded magnitudes are 1 to 4032, never 0. */
    A_LAW {
        private static final int LARGEST = 4095;

        /** Every second bit is inverted, so that silence is not transmitted as zeros. */
        private static final int INVERTED = 0x55;

        @Override
        int code(float sample) {
            int magnitude = magnitude(sample, 12, LARGEST);
            int segment = Math.max(0, 27 - Integer.numberOfLeadingZeros(magnitude)); // values below 32 are in segment 0
            int code = segment << 4 | magnitude >> Math.max(1, segment) & 0xf;
            return (sample < 0 ? 0 : 0x80) ^ INVERTED ^ code;
        }

        @Override
        float sample(int code) {
            int bits = code ^ INVERTED;
            int segment = bits >> 4 & 7;
            int low = 2 * (bits & 0xf) + 1;
            int magnitude = segment == 0 ? low : low + 32 << segment - 1;
            return (bits & 0x80) == 0 ? -magnitude * 0x1p-12f : magnitude * 0x1p-12f;
        }
    };

    private final float[] samples = new float[256];

    G711() {
        for (int code = 0; code < 256; code++) samples[code] = sample(code);
    }

    abstract int code(float sample);

    abstract float sample(int code);

    /** Encodes samples, one code per sample. */
    public byte[] encode(float[] from) {
        byte[] codes = new byte[from.length];
        for (int i = 0; i < codes.length; i++) codes[i] = (byte) code(from[i]);
        return codes;
    }

    /** Decodes codes, one sample per code. */
    public float[] decode(byte[] codes) {
        float[] decoded = new float[codes.length];
        for (int i = 0; i < decoded.length; i++) decoded[i] = decode(codes[i]);
        return decoded;
    }

    float decode(byte code) {
        return samples[code & 0xff];
    }

    private static int magnitude(float sample, int bits, int largest) {
        return Math.min(largest, (int)
                (Math.abs(sample) * (1 << bits))); // the cast converts NaN to 0 and infinity to the maximum
    }
}
