package sparrow.engine.transformer;

import java.util.Arrays;
import sparrow.tensor.kernel.Kernels;

/**
 * Rotary position embedding. It rotates the first {@code pairs} pairs of the first {@code dimensions} channels of every
 * head and leaves the other channels unchanged.
 *
 * @param dimensions even number of paired channels per head; all in Qwen2, half in ChatGLM
 * @param base base b of the angles; the angle of pair j at a position is {@code position * b^(-2j / dimensions)}
 * @param pairing pairing of the channels that are rotated together
 * @param pairs number of pairs that are rotated; LFM3 does not rotate all pairs
 */
public record Rope(int dimensions, double base, Pairing pairing, int pairs) {
    /** Ways to pair the channels of a head for rotation. */
    public enum Pairing {
        /** Channels 2j and 2j+1 (ChatGLM with {@code original_rope}). */
        INTERLEAVED,
        /** Channels j and j + dimensions/2 (Llama, Qwen2). */
        HALVES
    }

    /** Creates an embedding that rotates all pairs. */
    public Rope(int dimensions, double base, Pairing pairing) {
        this(dimensions, base, pairing, dimensions / 2);
    }

    public Rope {
        if (dimensions < 0 || dimensions % 2 != 0) {
            throw new IllegalArgumentException("rope: expected an even number of channels, got " + dimensions);
        }
        if (!(base > 0)) throw new IllegalArgumentException("rope: expected a base above 0, got " + base);
        if (pairs < 0 || pairs > dimensions / 2) {
            throw new IllegalArgumentException(
                    "rope: expected at most " + dimensions / 2 + " rotated pairs, got " + pairs);
        }
    }

    /**
     * Returns the table with which the kernels rotate a head to a position, [2, dimensions]. The first row contains the
     * cosine of each channel's pair angle. The second row contains the factor of each channel's partner: minus the sine
     * for the first channel of a pair, and plus the sine for the second.
     *
     * @param position position index; a negative value rotates back by that many positions
     */
    public float[] angles(int position) {
        float[] table = new float[2 * dimensions];
        for (int j = 0; j < dimensions / 2; j++) {
            double angle = j < pairs ? position * Math.pow(base, -2.0 * j / dimensions) : 0;
            int first = pairing == Pairing.INTERLEAVED ? 2 * j : j;
            int second = pairing == Pairing.INTERLEAVED ? 2 * j + 1 : j + dimensions / 2;
            table[first] = (float) Math.cos(angle);
            table[second] = table[first];
            table[dimensions + second] = (float) Math.sin(angle);
            table[dimensions + first] = -table[dimensions + second];
        }
        return table;
    }

    /** Rotates the head that starts at index {@code at} in place. */
    void rotate(Kernels kernels, float[] x, int at, float[] angles) {
        switch (pairing) {
            case INTERLEAVED -> kernels.rotateNeighbours(x, at, dimensions, angles);
            case HALVES -> kernels.rotateHalves(x, at, dimensions, angles);
        }
    }

    /**
     * Caches the tables of {@link Rope#angles}. Each table is computed when its position is first used. Instances must
     * be used by only one thread.
     */
    public static final class Table {
        private final Rope rope;
        private float[][] angles = new float[64][];

        /** Creates an empty cache. */
        public Table(Rope rope) {
            this.rope = rope;
        }

        /** Returns {@link Rope#angles} for a position. The array must not be changed. */
        public float[] angles(int position) {
            if (position >= angles.length) {
                angles = Arrays.copyOf(angles, Math.max(position + 1, Math.multiplyExact(angles.length, 2)));
            }
            if (angles[position] == null) angles[position] = rope.angles(position);
            return angles[position];
        }

        /** Rotates the head that starts at index {@code at} to a position, in place. */
        void rotate(Kernels kernels, float[] x, int at, int position) {
            rope.rotate(kernels, x, at, angles(position));
        }
    }
}
