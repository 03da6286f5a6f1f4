package sparrow.engine.transformer;

import sparrow.tensor.kernel.Kernels;

/**
 * Rotary position embedding of the first {@code dimensions} channels of every head; the others pass through.
 *
 * @param dimensions rotated channels of a head, even; all of them in Qwen2, half of them in ChatGLM
 * @param base the angle of pair j at a position is {@code position * base^(-2j / dimensions)}
 * @param pairing the two channels that turn together
 */
public record Rope(int dimensions, double base, Pairing pairing) {
    /** The two channels of a head that turn together. */
    public enum Pairing {
        /** Channels 2j and 2j+1 (ChatGLM with {@code original_rope}). */
        INTERLEAVED,
        /** Channels j and j + dimensions/2 (Llama, Qwen2). */
        HALVES
    }

    public Rope {
        if (dimensions < 0 || dimensions % 2 != 0) {
            throw new IllegalArgumentException("rope: expected an even number of channels, got " + dimensions);
        }
        if (!(base > 0)) throw new IllegalArgumentException("rope: expected a base above 0, got " + base);
    }

    /**
     * The table that the kernels turn a head with at a position, [2, dimensions]: for every channel the cosine of its
     * pair's angle, then the factor of the channel's partner, minus the sine for the first of a pair and plus the sine for
     * the second.
     *
     * @param position negative for turning back by so many positions
     */
    public float[] angles(int position) {
        float[] table = new float[2 * dimensions];
        for (int j = 0; j < dimensions / 2; j++) {
            double angle = position * Math.pow(base, -2.0 * j / dimensions);
            int first = pairing == Pairing.INTERLEAVED ? 2 * j : j;
            int second = pairing == Pairing.INTERLEAVED ? 2 * j + 1 : j + dimensions / 2;
            table[first] = (float) Math.cos(angle);
            table[second] = table[first];
            table[dimensions + second] = (float) Math.sin(angle);
            table[dimensions + first] = -table[dimensions + second];
        }
        return table;
    }

    /** Turns the head that starts at {@code at}, in place. */
    void rotate(Kernels kernels, float[] x, int at, float[] angles) {
        switch (pairing) {
            case INTERLEAVED -> kernels.rotateNeighbours(x, at, dimensions, angles);
            case HALVES -> kernels.rotateHalves(x, at, dimensions, angles);
        }
    }
}
